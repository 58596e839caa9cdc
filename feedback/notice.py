"""The notice about personal data that stands before a citizen says who they are (templates/feedback/notice.html).

Its version is kept on the case together with the consent. Whoever changes the words of the template gives a new
version here: a test holds the two together.
"""

VERSION = "2026-11"
