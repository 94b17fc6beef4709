#!/usr/bin/env python3
"""What Pillow makes of a picture, as raw bytes on standard output. Test-time only.

usage: pillow_reference.py decode PICTURE                       8-bit RGB
       pillow_reference.py resize PICTURE WIDTH HEIGHT FILTER   8-bit RGB; bilinear, bicubic, lanczos
       pillow_reference.py clip PICTURE SIZE                    32-bit floats, three planes: shorter edge to SIZE (bicubic),
                                                                centre, OpenAI's mean and deviation
       pillow_reference.py make KIND                            the bytes of an unusual picture, see KINDS
"""
import array
import io
import sys

from PIL import Image

MEAN = (0.48145466, 0.4578275, 0.40821073)
DEVIATION = (0.26862954, 0.26130258, 0.27577711)
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC, "lanczos": Image.Resampling.LANCZOS}


def clip(picture: Image.Image, size: int) -> bytes:
    width, height = picture.size
    target = (size, int((height / width) * size)) if width < height else (int((width / height) * size), size)
    picture = picture.resize(target, resample=Image.Resampling.BICUBIC)
    left, top = int(picture.size[0] / 2 - size / 2), int(picture.size[1] / 2 - size / 2)
    picture = picture.crop((left, top, left + size, top + size))
    planes = array.array("f")
    for channel, mean, deviation in zip(picture.split(), MEAN, DEVIATION):
        planes.extend((value / 255 - mean) / deviation for value in channel.getdata())
    return planes.tobytes()


def left_and_right(mode: str, left, right, size=(64, 48)) -> Image.Image:
    picture = Image.new(mode, size, right)
    picture.paste(left, (0, 0, size[0] // 2, size[1]))
    return picture


def saved(picture: Image.Image, name: str, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, name, **options)
    return out.getvalue()


# All are red at the left and blue at the right, or light and dark grey.
RED, BLUE = (255, 0, 0), (0, 0, 255)
KINDS = {
    "png16": lambda: saved(Image.frombytes("I;16", (64, 48), (b"\xe9\xe9" * 32 + b"\x17\x17" * 32) * 48), "PNG"),
    "grey-jpeg": lambda: saved(left_and_right("L", 233, 23), "JPEG", quality=95),
    "cmyk-jpeg": lambda: saved(left_and_right("CMYK", (0, 255, 255, 0), (255, 255, 0, 0)), "JPEG", quality=95),
    "progressive-jpeg": lambda: saved(left_and_right("RGB", RED, BLUE), "JPEG", quality=95, progressive=True),
    "alpha-png": lambda: saved(left_and_right("RGBA", (255, 0, 0, 255), (0, 0, 255, 255)), "PNG"),
    "palette-gif": lambda: saved(left_and_right("RGB", RED, BLUE).convert("P", palette=Image.Palette.ADAPTIVE), "GIF"),
    "animated-gif": lambda: saved(left_and_right("RGB", RED, BLUE).convert("P", palette=Image.Palette.ADAPTIVE), "GIF", save_all=True,
                                  append_images=[Image.new("P", (64, 48), 0)] * 3),
    "animated-webp": lambda: saved(left_and_right("RGB", RED, BLUE), "WEBP", save_all=True, lossless=True,
                                   append_images=[Image.new("RGB", (64, 48), (0, 255, 0))] * 3),
    "50-megapixels": lambda: saved(left_and_right("RGB", RED, BLUE, (8660, 5774)), "JPEG", quality=80),
}


def main() -> None:
    if sys.argv[1] == "make":
        sys.stdout.buffer.write(KINDS[sys.argv[2]]())
        return
    mode, path, *rest = sys.argv[1:]
    picture = Image.open(path).convert("RGB")
    if mode == "resize":
        picture = picture.resize((int(rest[0]), int(rest[1])), resample=FILTERS[rest[2]])
    sys.stdout.buffer.write(clip(picture, int(rest[0])) if mode == "clip" else picture.tobytes())


if __name__ == "__main__":
    main()
