"""Which TeX commands mean what outside of formulas: the data of `common.tex.parsing`.

Commands that stand for one character are not listed: pylatexenc knows those of text, and
math-core those of formulas.
"""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMBINING = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331", "t": "\u0361",
}  # fmt: skip

_GREEK = {
    "beta": "β", "delta": "δ", "varepsilon": "ε", "theta": "θ", "kappa": "κ", "rho": "ρ",
    "tau": "τ", "upsilon": "υ", "varphi": "φ", "chi": "χ",
}  # fmt: skip
# Some editors take the first letter of a Greek one for an accent: `\b{eta}`, `\r{ho}`.
BROKEN_GREEK = {(name[0], name[1:]): letter for name, letter in _GREEK.items()}

_TAGS = dict.fromkeys(_names("em it sl itshape slshape emph textit textsl"), "em") | dict.fromkeys(
    _names("bf bfseries textbf"), "strong"
)
# `{\em …}`: from the command to the end of its group. Without a tag, it is only left out.
SWITCHES = {
    name: _TAGS.get(name, "")
    for name in _names(
        """
        Huge LARGE Large bf bfseries boldmath cal em footnotesize huge it itshape large mdseries
        normalfont normalsize rm rmfamily sc scriptsize scshape sf sffamily sl slshape small tiny
        tt ttfamily unboldmath upshape
        """
    )
}
# `\emph{…}`
WRAPPERS = {
    name: _TAGS.get(name, "")
    for name in _names(
        """
        caps caption chapter emph enquote fbox framebox hbox hl lowercase makebox mbox paragraph
        part proclaim section so st subparagraph subsection subsubsection text textbf textit textmd
        textnormal textquote textrm textsc textsf textsl texttt textup title ul uline underline
        uppercase uwave vbox
        """
    )
} | {"textsuperscript": "sup", "textsubscript": "sub"}
# So many arguments go, and the next one is the text.
SECOND_WRAPPERS = {
    "colorbox": 1, "fcolorbox": 2, "foreignlanguage": 1, "hyperlink": 1, "parbox": 1,
    "raisebox": 1, "resizebox": 2, "rotatebox": 1, "scalebox": 1, "textcolor": 1,
}  # fmt: skip
# So many arguments go with the command.
DROPPED = (
    dict.fromkeys(
        _names(
            """
            allowbreak and appendix break centering clearpage displaystyle footnotemark
            ignorespaces indent itemsep leavevmode limits linebreak maketitle newpage nobreak
            nobreakdash noindent nolimits nolinebreak null pagebreak protect raggedright relax
            romannumeral scriptstyle sloppy strut tableofcontents textstyle unskip xspace
            """
        ),
        0,
    )
    | dict.fromkeys(
        _names(
            """
            bibliography bibliographystyle color ding footnotetext hphantom hypertarget
            includegraphics index input keywords label pagecolor pagestyle phantom selectlanguage
            tag thanks thispagestyle usepackage vphantom vskip vspace
            """
        ),
        1,
    )
    | dict.fromkeys(_names("newcommand renewcommand rule setcounter setlength"), 2)
)
REFERENCES = _names(
    """
    Autoref Citep Citet Cref autocite autoref cite citealp citealt citeauthor citenum citep citet
    citetext citeyear citeyearpar cref eqref footcite footref fullcite nameref nocite pageref
    parencite ref shortcite textcite vref
    """
)
SPACES = _names(
    """
    bigskip enskip enspace hfill hskip hspace kern medskip medspace negthinspace newline par qquad
    quad smallskip space thickspace thinspace vfill
    """
)
# What authors define alike everywhere, and what pylatexenc does not know.
WORDS = {
    "S": "§", "P": "¶", "copyright": "©", "textbackslash": "\\", "slash": "/", "deg": "°",
    "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "lq": "‘", "rq": "’", "textless": "<",
    "textgreater": ">", "textbar": "|", "textmu": "µ", "textperthousand": "‰", "textdegree": "°",
    "textdollar": "$", "textunderscore": "_", "textasciitilde": "~", "textasciicircum": "^",
    "textquotesingle": "'", "textquotedbl": '"', "textquotedblleft": "“", "textbraceleft": "{",
    "textbraceright": "}", "texttimes": "×", "textrightarrow": "→", "textleftarrow": "←",
    "checkmark": "✓", "cmark": "✓", "xmark": "✗", "ldots": "…", "dots": "…", "textquoteright": "’",
    "textquoteleft": "‘", "textquotedblright": "”", "textellipsis": "…", "item": "•", "I": "I",
    "eg": "e.g.", "Eg": "E.g.", "ie": "i.e.", "Ie": "I.e.", "etal": "et al.", "etc": "etc.",
    "cf": "cf.", "vs": "vs.", "wrt": "w.r.t.", "aka": "a.k.a.", "iid": "i.i.d.", "resp": "resp.",
    "viz": "viz.", "sqrt": "√",
}  # fmt: skip
# Parts of a word: the space after one only ends the command.
LETTERS = _names("AA AE DH DJ I L NG O OE SS TH aa ae dh dj i j l ng o oe ss th")
GLOSSARY = _names(
    """
    Ac Acf Acl Acp Acs GLS Gls Glspl ac acf acfp acl aclp acp acrfull acrlong acrshort acs acsp gls
    glspl glsxtrshort
    """
)

# Commands of formulas by the number of their arguments: set as maths without dollar signs too.
MATHS = dict.fromkeys(
    _names(
        """
        Bbb acute ang bar bbm bm boldsymbol breve ce check ddot dot ensuremath grave hat mathbb
        mathbbm mathbf mathbin mathbold mathcal mathds mathfrak mathit mathop mathrel mathrm
        mathscr mathsf mathtt num operatorname overbrace overleftarrow overline overrightarrow pmb
        si slashed sqrt substack tilde underbrace unit vec widehat widetilde xleftarrow
        xrightarrow
        """
    ),
    1,
) | dict.fromkeys(
    _names(
        """
        SI binom cfrac dbinom dfrac frac nicefrac overset qty sfrac stackrel tbinom tfrac underset
        """
    ),
    2,
)
# Environments whose content is a formula, and those that the converter reads as a whole.
FORMULA_ENVIRONMENTS = _names("displaymath equation math subequations")
ALIGNED_ENVIRONMENTS = _names(
    """
    Bmatrix Vmatrix align aligned alignat array bmatrix cases eqnarray flalign gather gathered
    matrix multline pmatrix smallmatrix split vmatrix
    """
)
# In lower case.
UNITS = _names(
    """
    cm db ev fb gev ghz gpc gyr hz jy kev khz kg kj km kpc mag mb mev mg mhz mjy mk mm mpc ms myr
    nm pb pc tev thz ug uk
    """
)
