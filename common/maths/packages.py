"""Commands of siunitx and mhchem, written in basic TeX for the converter."""

from __future__ import annotations

import re

_ARGUMENT = r"\s*\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\}){0,300})\}"
_CALL = re.compile(
    rf"\\(?P<name>SI|qty|si|unit|num|ang|ce|cf)(?![A-Za-z])\s*(?:\[[^\[\]]{{0,100}}\])?{_ARGUMENT}"
    rf"(?:(?<=\}}){_ARGUMENT})?"
)
_PREFIXES = {
    "yocto": "y", "zepto": "z", "atto": "a", "femto": "f", "pico": "p", "nano": "n",
    "micro": "µ", "milli": "m", "centi": "c", "deci": "d", "deca": "da", "hecto": "h",
    "kilo": "k", "mega": "M", "giga": "G", "tera": "T", "peta": "P", "exa": "E",
}  # fmt: skip
_UNITS = {
    "metre": "m", "meter": "m", "second": "s", "gram": "g", "kilogram": "kg", "ampere": "A",
    "kelvin": "K", "mole": "mol", "candela": "cd", "hertz": "Hz", "newton": "N", "pascal": "Pa",
    "joule": "J", "watt": "W", "coulomb": "C", "volt": "V", "farad": "F", "ohm": "Ω",
    "siemens": "S", "tesla": "T", "weber": "Wb", "henry": "H", "lumen": "lm", "lux": "lx",
    "becquerel": "Bq", "gray": "Gy", "sievert": "Sv", "electronvolt": "eV", "celsius": "°C",
    "degreeCelsius": "°C", "degree": "°", "percent": "%", "minute": "min", "hour": "h",
    "day": "d", "year": "yr", "litre": "L", "liter": "L", "tonne": "t", "bar": "bar",
    "parsec": "pc", "bit": "bit", "byte": "B", "decibel": "dB", "angstrom": "Å", "dalton": "Da",
    "arcminute": "′", "arcsecond": "″", "radian": "rad", "steradian": "sr", "barn": "b",
}  # fmt: skip
_UNIT = re.compile(r"\\([A-Za-z]+)\s*|([^\\])")
_POWERS = {"squared": "2", "cubed": "3", "square": "2", "cubic": "3"}


def without_packages(source: str) -> str:
    """Return a formula's source with numbers, units and chemistry in basic commands."""
    return _CALL.sub(_basic, source) if "\\" in source else source


def _basic(match: re.Match[str]) -> str:
    name, first, second = match["name"], match[2], match[3]
    if name in {"SI", "qty"} and second is not None:
        return f"{_number(first)}\\,{_unit(second)}"
    rest = "" if second is None else f"{{{second}}}"
    return {"num": _number, "ang": _angle, "ce": _chemistry, "cf": _chemistry}.get(name, _unit)(
        first
    ) + rest


def _number(source: str) -> str:
    number = re.sub(r"\s*(?:\+-|\\pm)\s*", r"\\pm ", source.strip())
    return re.sub(
        r"[eEdD]([+-]?[0-9]+)", r"\\times 10^{\1}", re.sub(r"\s*x\s*", r"\\times ", number)
    )


def _angle(source: str) -> str:
    parts = zip(source.split(";"), ("°", "′", "″"), strict=False)
    return "".join(f"{part.strip()}\\text{{{sign}}}" for part, sign in parts if part.strip())


def _unit(source: str) -> str:
    written: list[str] = []
    is_below = False
    power = ""
    for name, sign in _UNIT.findall(source):
        if name == "per":
            is_below = True
        elif name in _POWERS and name.endswith("ed"):
            written[-1:] = [f"{''.join(written[-1:])}^{{{_POWERS[name]}}}"]
        elif name in _POWERS:
            power = f"^{{{_POWERS[name]}}}"
        elif name in _PREFIXES:
            written.append(("/" if is_below else "") + f"\\text{{{_PREFIXES[name]}}}")
            is_below = False
        elif name or sign.strip():
            text = f"\\text{{{_UNITS.get(name, name)}}}" if name else sign
            written.append(("/" if is_below else "") + text + power)
            is_below, power = False, ""
    return "".join(written)


def _chemistry(source: str) -> str:
    """H2O, Ca+, SO4^2-, ^{227}_{90}Th, A -> B."""
    source = re.sub(r"\s*<=>\s*", r" \\rightleftharpoons ", source)
    source = re.sub(r"\s*->\s*", r" \\rightarrow ", source)
    source = re.sub(r"(?<=[A-Za-z)\]])([0-9]+)", r"_{\1}", source)
    source = re.sub(r"\^([0-9]*[+-])", r"^{\1}", source)
    source = re.sub(r"(?<=[A-Za-z)\]}])([+-])(?=\s|\Z)", r"^{\1}", source)
    return re.sub(r"(?<![\\A-Za-z])([A-Z][a-z]?(?:[A-Z][a-z]?)*)", r"\\mathrm{\1}", source)
