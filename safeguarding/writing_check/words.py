"""Words with a capital that name no pupil, and words that tell what the name beside them is."""


def word_set(text: str) -> frozenset[str]:
    """The words of a text, parted by spaces."""
    return frozenset(text.split())


TITLES = word_set(
    """st saint mr mrs miss ms mx dr sir madam ma'am prof professor rev reverend father imam rabbi pc pcso wpc dc ds
    sgt sergeant nurse"""
)
# Grown-ups of the family: "her mum Dawn", "Uncle Pete".
FAMILY = word_set(
    """mum mum's mummy mam mother dad dad's daddy father stepmum stepdad stepmother stepfather step-mum step-dad
    step-mother step-father nan nana nanny gran granny grandma grandmother grandad grandpa grandfather aunt aunty
    auntie uncle carer guardian foster parent parents wife husband godmother godfather neighbour landlord partner"""
)
ROLES = word_set(
    """teacher tutor nurse worker officer head headteacher principal caretaker coach counsellor driver assistant
    receptionist dsl senco ta cover supervisor mentor psychologist therapist paramedic doctor consultant midwife
    solicitor librarian technician secretary governor chaplain cook cleaner manager adviser advisor deputy lead
    staff invigilator inspector sergeant constable judge actor actress singer footballer rapper youtuber celebrity
    author"""
)
# A name that ends with, or is followed by, one of these is a place or a thing.
PLACES = word_set(
    """road street lane avenue close drive way court park gardens green hill hall house school academy college primary
    secondary sixth university nursery centre center church mosque temple synagogue hospital clinic surgery station
    bridge river canal lake beach island isle town city village estate block building wing room field fields
    playground gym library theatre cinema museum hotel cafe café club team gang shop store supermarket market mall
    airport bus train tram police services service council foundation trust charity centre's cup league united
    rovers palace castle square terrace crescent grove mews towers place view common farm wood woods forest festival
    project programme app website group class lesson exam paper test department office accent food language culture
    family's line helpline act order plan"""
)
# These end a name without being part of it.
NEVER_NAMES = word_set(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december spring summer autumn winter easter christmas halloween ramadan eid diwali
    hanukkah chanukah passover lent advent hogmanay bonfire valentine's valentines year key stage term half sixth
    god allah jesus bible qur'an quran torah catholic christian muslim islam jewish hindu sikh buddhist christianity
    english maths mathematics science biology chemistry physics history geography french spanish german latin music
    art drama computing technology psychology sociology economics business media philosophy religious citizenship
    food textiles polish romanian bengali urdu punjabi gujarati arabic somali turkish portuguese italian chinese
    mandarin welsh scottish irish british european african asian american indian pakistani bangladeshi ukrainian
    russian afghan syrian kurdish albanian vietnamese nigerian jamaican caribbean black white roma gypsy traveller
    snapchat instagram tiktok whatsapp facebook messenger discord twitter youtube reddit telegram roblox fortnite
    minecraft xbox playstation nintendo netflix google gmail teams zoom omegle onlyfans bereal spotify twitch vinted
    paypal amazon apple iphone ipad samsung android windows chromebook microsoft uber bolt tesco asda aldi lidl
    sainsbury's morrisons boots superdrug primark greggs mcdonald's mcdonalds nando's nandos subway costa starbucks
    wetherspoons argos childline samaritans barnardo's ofsted prevent channel operation encompass brook kooth cadets
    scouts guides brownies london leeds bradford manchester liverpool birmingham sheffield bristol newcastle
    nottingham leicester york hull cardiff swansea belfast dublin edinburgh glasgow england scotland wales ireland
    britain france spain italy germany poland romania pakistan india bangladesh china turkey syria afghanistan iraq
    iran ukraine russia nigeria somalia ghana jamaica america europe africa asia dubai paracetamol ibuprofen calpol
    ritalin xanax vaseline lynx rizla elastoplast sellotape hoover velcro lego barbie nike adidas vodka prosecco
    lambrini monster i i'm i'll i've i'd ok okay mum mum's dad dad's mother father mummy daddy nan nan's nana gran
    granny grandma grandad grandpa deputy headteacher head principal tutor teacher nurse reception attendance
    pastoral safeguarding designated lead officer manager social care night day eve sept oct nov dec jan feb mon tue
    tues wed thurs fri sat sun men women early help child children children's young family local authority adult
    pupil student boy girl victim witness date time place reported note nb re dear hi hello thanks regards signed"""
)
# What a sentence begins with when it begins with no name.
STARTERS = word_set(
    """a an the this that these those there here it its it's he she they we you his her their our my your i in on at by
    to from for of with without within about before after during while when where why who what which how if as so
    but and or nor yet then than since until because although though despite once also however meanwhile later
    earlier yesterday today tonight tomorrow now suddenly again only even both each every all any some one two three
    four five six several many most other another others neither either no not none nobody everybody somebody
    everyone someone anyone nothing something everything said saw told asked spoke rang met called heard went came
    got made gave took left found seen being having please police staff security reception witnesses pupils students
    children boys girls teachers parents people friends did does do was were is are has have had will would could
    should may might can outside inside upstairs downstairs near next just still maybe perhaps apparently yes upon
    under over behind beside between through across around along according due like unlike same such very"""
)
# Somebody did or said it, so what stands before it is somebody.
DOES = word_set(
    """said told asked hit pushed punched kicked shouted cried grabbed threatened texted sent replied laughed whispered
    admitted slapped filmed bit spat hugged followed messaged says stole"""
)
# What stands before a thing: "a blue Ford Focus".
BEFORE_THINGS = word_set(
    """a an the red blue green black white grey gray silver yellow orange purple pink brown gold new old"""
)
IN_A_PLACE = word_set("in at near on into towards outside inside via across around off")
GOES = word_set(
    """went been taken go goes going gone moved moving travelled drove came back get got flew flown trip bus
    train move"""
)
COMES = word_set("is are was were come comes came moved back home family originally moving bus train")
PLAYS = word_set("""football rugby cricket netball plays playing play played works worked working work signed""")
