"""The `svg` element around a drawing."""

from markupsafe import Markup

from scenarios.page.svg import coordinate, element


def drawing(
    name: str, description: str, size: tuple[float, float], parts: list[Markup], *, role: str = "img"
) -> Markup:
    """The parts in an `svg` that scales with the page and is described to those who cannot see it.

    Parameters
    ----------
    name
        The id, which must be the only one of its kind on the page.
    size
        Width and height in user units.
    role
        "img" for a picture; "group" where links inside must stay reachable.
    """
    box = f"0 0 {coordinate(size[0])} {coordinate(size[1])}"
    return element("svg", *parts, id=name, class_="chart", viewBox=box, role=role, aria_label=description)
