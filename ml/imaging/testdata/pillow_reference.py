#!/usr/bin/env python3
"""What Pillow makes of a picture, as raw bytes on standard output. Test-time only.

usage: pillow_reference.py decode PICTURE                       8-bit RGB
       pillow_reference.py resize PICTURE WIDTH HEIGHT FILTER   8-bit RGB; bilinear, bicubic, lanczos
       pillow_reference.py clip PICTURE SIZE                    32-bit floats, three planes: shorter edge to SIZE (bicubic),
                                                                centre, OpenAI's mean and deviation
"""
import array
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


def main() -> None:
    mode, path, *rest = sys.argv[1:]
    picture = Image.open(path).convert("RGB")
    if mode == "resize":
        picture = picture.resize((int(rest[0]), int(rest[1])), resample=FILTERS[rest[2]])
    sys.stdout.buffer.write(clip(picture, int(rest[0])) if mode == "clip" else picture.tobytes())


if __name__ == "__main__":
    main()
