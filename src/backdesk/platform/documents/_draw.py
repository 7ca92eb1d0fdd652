"""Count the pages of a PDF or a picture, or draw one as WebP. Run by `contained`: it imports nothing of ours."""

from __future__ import annotations

import sys
import warnings
from typing import Any, NoReturn

_MOST_PIXELS = 120_000_000
_LONGEST = 4  # times the width: of a receipt that is metres long the beginning is shown


def main() -> None:
    _, source, kind, asked, *wanted = sys.argv
    if asked == "count":
        print(count(source, kind))  # noqa: T201
    else:
        page, width, target = int(wanted[0]), int(wanted[1]), wanted[2]
        image = of_pdf(source, page, width) if kind == "application/pdf" else of_picture(source, page, width)
        image.save(target, "WEBP", quality=82, method=2)


def count(source: str, kind: str) -> int:
    if kind == "application/pdf":
        return len(pdf(source))
    with picture(source) as image:
        return getattr(image, "n_frames", 1) if image.format == "TIFF" else 1


def of_pdf(source: str, page: int, width: int) -> Any:
    document = pdf(source)
    if page > len(document):
        refuse("it has no such page")
    one = document[page - 1]
    across, down = one.get_size()
    if across <= 0 or down <= 0:
        refuse("the page has no size")
    scale = width / across
    bottom = max(down - _LONGEST * across, 0)
    one.set_cropbox(*_kept(one, bottom)) if bottom else None
    return one.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")


def _kept(page: Any, bottom: float) -> tuple[float, float, float, float]:
    left, low, right, top = page.get_mediabox()
    return left, low + bottom, right, top


def pdf(source: str) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        refuse("it is protected by a password" if "assword" in str(error) else "it is no whole PDF")


def of_picture(source: str, page: int, width: int) -> Any:
    from PIL import Image, ImageOps

    with picture(source) as image:
        try:
            image.seek(page - 1)
            image.draft("RGB", (width * 2, width * 2))
            turned = ImageOps.exif_transpose(image)
            flat = turned.convert(
                "RGBA" if "A" in turned.getbands() or "transparency" in turned.info else "RGB"
            )
        except EOFError:
            refuse("it has no such page")
        except (OSError, SyntaxError, ValueError) as error:
            refuse(f"the picture is broken ({type(error).__name__})")
    if flat.mode == "RGBA":
        paper = Image.new("RGB", flat.size, "white")
        paper.paste(flat, mask=flat.getchannel("A"))
        flat = paper
    height = max(round(flat.height * width / flat.width), 1)
    if flat.width > width:
        flat = flat.resize((width, height), Image.Resampling.LANCZOS)
    return flat.crop((0, 0, flat.width, min(flat.height, flat.width * _LONGEST)))


def picture(source: str) -> Any:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS // 2
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        return Image.open(source)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        refuse("it has more pixels than are drawn")
    except (OSError, SyntaxError, ValueError) as error:
        refuse(f"the picture is broken ({type(error).__name__})")


def refuse(why: str) -> NoReturn:
    sys.stderr.write(why)
    raise SystemExit(3)


if __name__ == "__main__":
    main()
