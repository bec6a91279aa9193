"""Words of English that are somebody's name as well."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Written small, they are the word: "she will come in may". Few on purpose: a name left standing is worse than a word
# taken out.
ORDINARY = _words(
    """
    ace am an and ash as at autumn baker ball bank banks be bell berry best bird bishop black blue bond bow boy bright
    brook brown bush butler by case chance chase church clay close cloud coal coffee cook cross day dean dear do dot
    early eve even ever faith field fields fisher flint flower fox frank gay go golden good grace grant gray green grey
    ha hall hand happy hardy hart head heart heath heaven he hi hill hills home honey honour hope house hunt hunter if
    in is it jet joy judge june king kit knight lake law leaf light little long love low lucky ma major mark marks may
    me mercy mill miller moon moore more moss my noble no north nurse of oh ok on or pa page park parish patience
    pepper peace pike pip place pool porter post potter power precious price prince princess queen rain ray read reed
    rich ridge river rivers rob rock rose royal rush rusty sand savage self sharp shore short sky skip small so son
    song spring star steel stone storm street strong summer sun sunny sweet thorn timber to true tuck turner up us wade
    walker wall ward waters way we west white wild will wills winter wise wolf wood woods yard young
    """
)
# What is never "Thi’s" or "Ha’s".
NEVER_POSSESSIVE = _words("as bus does gas goes has his is its less miss mrs ms pass this thus us was yes")
# Parts of longer names that tell nobody by themselves.
PARTICLES = _words(
    """
    abu and bin bint da das de dei del della den der des di do dos du el fitz ibn la las le les los mac san st ste the
    van ver von zu zur
    """
)
