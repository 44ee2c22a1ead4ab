"""Commands that the converter does not know: those of packages, and those that authors define.

Authors use in their abstracts what they define in their papers. A macro is listed here if nearly
everybody means the same by it; `\\A` and `\\D`, say, have many meanings and stay as typed.
"""

from __future__ import annotations

from string import ascii_uppercase

_OPERATORS = """
    Ad Alt Ann Area Ass Aut Br Cat Cl Coker Cov Diff Div End Ext Frac GL GSp Gal Grp Hom Homeo Id
    Ind Inn Irr KL Ker Lip Map Mod Mor Mp NP OPT Ob Obj Out PGL PSL PSU Pic Proj Ran Rank Rep
    Res SL SO SU Sp Span Spec Spin Supp Sym Top Tor Tr Var Vect Vol ad arginf argmax argmin argsup
    area cf ch cl codim coker conv cov cone diag diam dist dom ev gin grad id im ind len lcm loc
    mult ord poly polylog proj ran rank res rk sgn sign soc span spec supp tr trace var vol
    depth height
"""

_DOUBLE_STRUCK = {
    **{letter: letter for letter in "CEFHKNPQRSTZ"},
    **{letter * 2: letter for letter in "CDEFGHKNPQRTZ"},
    **{f"I{letter}": letter for letter in "CDFHKNPQRZ"},
    **{f"B{letter}": letter for letter in "CFNPQRZ"},
    "reals": "R", "nats": "N", "Reals": "R", "ints": "Z", "CP": "CP",
    "RP": "RP", "one": "1", "bbone": "1",
}  # fmt: skip
_FAMILIES = {
    "c": "mathcal", "cal": "mathcal", "mathcal": "mathcal", "bb": "mathbb", "mathbb": "mathbb",
    "b": "mathbf", "bf": "mathbf", "frak": "mathfrak", "mathfrak": "mathfrak", "scr": "mathscr",
    "mathrm": "mathrm", "mathbf": "mathbf",
}  # fmt: skip
_GREEK = {
    "al": "alpha", "be": "beta", "ga": "gamma", "Ga": "Gamma", "de": "delta", "De": "Delta",
    "ep": "epsilon", "eps": "epsilon", "ve": "varepsilon", "veps": "varepsilon", "ka": "kappa",
    "la": "lambda", "lam": "lambda", "La": "Lambda", "Lam": "Lambda", "vp": "varphi",
    "vphi": "varphi", "sig": "sigma", "om": "omega", "Om": "Omega", "omg": "omega",
}  # fmt: skip

MACROS = (
    {name: rf"\operatorname{{{name}}}" for name in _OPERATORS.split()}
    | {name: rf"\mathbb{{{letter}}}" for name, letter in _DOUBLE_STRUCK.items()}
    | {
        f"{prefix}{letter}": rf"\{command}{{{letter}}}"
        for prefix, command in _FAMILIES.items()
        for letter in ascii_uppercase
    }
    | {name: rf"\{letter}" for name, letter in _GREEK.items()}
    | {
        "allowbreak": "", "protect": "", "xspace": "", "boldmath": "", "noindent": "", "null": "",
        "ensuremath": "#1", "smash": "#1", "lefteqn": "#1",
        "hbox": r"\text{#1}", "makebox": r"\text{#1}", "mbox": r"\text{#1}", "emph": r"\text{#1}",
        "textmd": r"\text{#1}", "textnormal": r"\text{#1}", "textsc": r"\text{#1}",
        "textsl": r"\text{#1}", "textup": r"\text{#1}", "url": r"\text{#1}",
        "bbm": r"\mathbb{#1}", "mathbbm": r"\mathbb{#1}", "mathds": r"\mathbb{#1}",
        "bb": r"\mathbb{#1}", "mathbold": r"\boldsymbol{#1}", "pmb": r"\boldsymbol{#1}",
        "Cal": r"\mathcal{#1}", "CMcal": r"\mathcal{#1}", "scr": r"\mathcal{#1}",
        "goth": r"\mathfrak{#1}", "roman": r"\mathrm{#1}", "func": r"\operatorname{#1}",
        "substack": r"\begin{matrix}#1\end{matrix}",
        "norm": r"\left\lVert #1\right\rVert", "abs": r"\left|#1\right|",
        "ceil": r"\lceil #1\rceil", "floor": r"\lfloor #1\rfloor", "order": r"\mathcal{O}",
        "Tilde": r"\tilde{#1}", "Hat": r"\hat{#1}", "Bar": r"\bar{#1}", "Vec": r"\vec{#1}",
        "wt": r"\widetilde{#1}", "td": r"\tilde{#1}", "wh": r"\widehat{#1}",
        "O": r"\mathcal{O}", "bigO": "O", "Oh": "O", "comp": r"\circ", "dbar": r"\bar\partial",
        "del": r"\partial", "dotsc": r"\ldots", "dotsm": r"\cdots", "hdots": r"\ldots",
        "half": r"\tfrac12", "intop": r"\int", "slash": "/", "smallsetminus": r"\setminus",
        "thicksim": r"\sim", "varpropto": r"\propto", "textbackslash": r"\backslash",
        "lsim": r"\lesssim", "gsim": r"\gtrsim", "lta": r"\lesssim", "gta": r"\gtrsim",
        "apgt": r"\gtrsim", "aplt": r"\lesssim", "siml": r"\lesssim", "simg": r"\gtrsim",
        "ra": r"\rightarrow", "lra": r"\longrightarrow", "Ra": r"\Rightarrow", "ot": r"\otimes",
        "varinjlim": r"\operatorname*{lim}", "varprojlim": r"\operatorname*{lim}",
        "Msun": r"M_\odot", "msun": r"M_\odot", "Lsun": r"L_\odot", "Rsun": r"R_\odot",
        "kms": r"\mathrm{km\,s^{-1}}", "GeV": r"\,\mathrm{GeV}", "MeV": r"\,\mathrm{MeV}",
        "TeV": r"\,\mathrm{TeV}", "keV": r"\,\mathrm{keV}", "eV": r"\,\mathrm{eV}", "ohm": "Ω",
        "o": "ø", "AA": "Å", "l": "ł", "L": "Ł", "ss": "ß", "ae": "æ", "AE": "Æ", "aa": "å",
        "textcircled": "#1", "box": r"\square", "chiup": r"\chi",
    }
)  # fmt: skip
