"""Open data (/du-lieu/): every kind of public record as files, a catalogue for machines, and frozen yearly versions."""
