"""Text from bytes that somebody else wrote, and text that can be written whatever it holds."""

from pipelines.errors import LabError


def decoded(content: bytes, name: str) -> str:
    """The text of a file called `name`, without a mark of its encoding in front. Raises LabError with the line."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise LabError(f"{name}: line {line}: not UTF-8 text.") from error


def readable(text: str) -> str:
    """Text that can be written: a name on disk may hold bytes that are no character, and these are spelt out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
