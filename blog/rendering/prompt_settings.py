"""What an author notes below a prompt, in the same quote: lines such as `Model: Sora 1.0` and `Seed: 42`.

    A woman walks down a wet street.
    Model: Sora 1.0
    Negative prompt: text, logos,
    blurred faces
    Seed: 42

Only the last lines count, so a prompt that says "Duration: 8 s" in its middle stays as it is.
"""

from __future__ import annotations

import re

# What each setting is called in a text. The first name is the one that Roost writes.
NAMES: dict[str, tuple[str, ...]] = {
    "model": ("Model", "모델", "モデル", "模型"),
    "version": ("Version", "버전", "バージョン", "版本"),
    "negative_prompt": (
        *("Negative prompt", "네거티브 프롬프트", "부정 프롬프트", "ネガティブプロンプト"),
        *("反向提示词", "负面提示词", "反向提示詞", "負面提示詞"),
    ),
    "seed": ("Seed", "시드", "シード", "种子", "種子"),
    "aspect": ("Aspect", "Aspect ratio", "화면비", "アスペクト比", "画面比例", "宽高比"),
    "duration": ("Duration", "길이", "長さ", "时长", "時長"),
    "resolution": ("Resolution", "해상도", "解像度", "分辨率"),
    "steps": ("Steps", "스텝"),
    "cfg": ("CFG", "CFG scale"),
    "sampler": ("Sampler", "샘플러", "サンプラー"),
    "settings": ("Settings", "설정", "設定", "设置"),
    "failures": ("Failure modes", "Failures", "Failure mode", "Failure", "실패", "실패 유형", "失敗", "失败"),
    "notes": ("Notes", "Note", "메모", "メモ", "备注"),
    "variant_of": ("Variant of", "변형", "원본 프롬프트", "元のプロンプト", "变体"),
}
PARAMETERS = ("seed", "aspect", "duration", "resolution", "steps", "cfg", "sampler")  # in the order they are shown in
_LONG = frozenset({"negative_prompt", "notes", "settings"})  # may go on below their line
_KEYS = {name.casefold(): key for key, names in NAMES.items() for name in names}
_EMPHASIS = r"(?:\*\*|__|\*|_)?"
_LINE = re.compile(
    rf"[ ]{{0,3}}{_EMPHASIS}(?P<name>{'|'.join(sorted(map(re.escape, _KEYS), key=len, reverse=True))})"
    rf"{_EMPHASIS}[ ]*[:：]{_EMPHASIS}(?P<value>.*)",
    re.IGNORECASE,
)
_PAIR = re.compile(r"([^\s:=：-][^:=：]{0,59}?)\s*[:=：]\s*(\S.*)", re.DOTALL)


def split(text: str) -> tuple[str, dict[str, str]]:
    """(the prompt alone, its settings) of what stands after a prompt label. The first line is never a setting."""
    lines = text.split("\n")
    end, found, below = len(lines), list[tuple[str, str]](), list[str]()
    for number in range(len(lines) - 1, 0, -1):
        match = _LINE.fullmatch(lines[number])
        key = _KEYS[match["name"].casefold()] if match else ""
        if match is None and lines[number].strip():
            below.insert(0, lines[number].strip())
        elif below and key not in _LONG:  # those lines belong to nothing that may be so long
            break
        elif match:
            found.insert(0, (key, "\n".join([match["value"].strip(), *below]).strip()))
            end, below = number, []
    return _trimmed("\n".join(lines[:end])), _joined(found)


def _trimmed(prompt: str) -> str:
    """Without the blank lines around it; its own indentation stays."""
    return re.sub(r"\A(?:[^\S\n]*\n)+", "", prompt).rstrip()


def _joined(found: list[tuple[str, str]]) -> dict[str, str]:
    """A setting that is written twice says both."""
    settings: dict[str, str] = {}
    for key, value in found:
        if value:
            between = "\n" if key in _LONG else ", "
            settings[key] = f"{settings[key]}{between}{value}" if key in settings else value
    return settings


def parameters(settings: dict[str, str]) -> dict[str, str]:
    """The parameters among the settings: known ones first, then what `Settings:` lists as `name: value`."""
    known = {key: settings[key] for key in PARAMETERS if key in settings}
    return {**known, **{key: value for key, value in _listed(settings.get("settings", "")).items() if key not in known}}


def _listed(source: str) -> dict[str, str]:
    """`seed: 42, tiling=on` as names with values; what isn't such a list is one parameter, "settings"."""
    parts = [part.strip() for part in re.split(r"[,;\n]", source) if part.strip()]
    pairs = [_PAIR.fullmatch(part) for part in parts]
    named = {parameter_key(pair[1]): pair[2].strip() for pair in pairs if pair}
    return named if len(named) == len(parts) else {"settings": source}


def parameter_key(name: str) -> str:
    """`시드` → `seed`; a name that isn't known stays as it is written."""
    key = _KEYS.get(name.strip().casefold(), "")
    return key if key in PARAMETERS else name.strip()


def failure_names(settings: dict[str, str]) -> list[str]:
    """The failure modes, each once whatever its case."""
    names = [name.strip() for name in re.split(r"[,;、，\n]", settings.get("failures", ""))]
    found: dict[str, str] = {}
    for name in filter(None, names):
        found.setdefault(name.casefold(), name)
    return list(found.values())
