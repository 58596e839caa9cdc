"""The open API at /api/v1/: what everybody may read, for programs. Drawn from the declarations in `parcai.records`."""
