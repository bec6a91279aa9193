"""What opens a package: words that are said over the telephone and typed without asking twice.

Each of eight words is one of 512, drawn by chance: 72 bits, beyond all guessing also for somebody who has the file. The
phrase is told to whoever asks for the package, once; it stands in no table, no mail and no log.
"""

import re
import secrets


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WORDS = _words(
    """
    acorn actor adult agent alarm album alley amber angel animal ankle apple april apron arena armour arrow artist
    attic author autumn avenue bacon badge baker balcony bamboo banana banner barrel basket beach beacon beaver
    bedroom berry bicycle biscuit blanket blossom blue boat bonfire border bottle boulder bowl branch bread breeze
    brick bridge bronze brother brush bubble bucket budget buffalo builder bundle butter button cabin cactus camel
    camera canal candle canoe canvas captain carbon carpet carrot castle cattle cave cedar cello cement chalk
    channel chapel cheese cherry chess chicken chimney cinema circle circus citrus clarinet clay clever cliff clinic
    clock cloud clover coach coast cobweb coconut coffee collar comet compass copper coral corner cottage cotton
    cousin cowboy crane crayon cricket crown crystal cupboard curtain cushion custard daisy dancer dawn deck deer
    dentist desert diamond dinner doctor dolphin donkey dragon drawer dream drum duck eagle earth easel echo elbow
    elephant elm ember emerald empire engine envelope evening falcon family farmer feather fence fern ferry fiddle
    field finger fire flag flame flannel flower flute forest fossil fountain fox freckle friday frog frost fruit
    galaxy garage garden garlic gate giant ginger giraffe glacier glass globe glove goat gold goose granite grape
    grass gravel green grocer guitar hammer hammock hamster harbour harvest hawk hazel hedge helmet herring hexagon
    hill hockey holiday holly honey horizon horse hospital hotel iceberg igloo indigo insect island ivory ivy jacket
    jaguar january jelly jersey jewel jigsaw jockey journal judge juggler juice jungle june kangaroo kennel kettle
    kingdom kitchen kite kitten koala ladder lagoon lake lamp lantern laptop lasso laundry lavender lawn leather
    lemon leopard lettuce library lighthouse lilac lily lime linen lion lizard lobster locket lotus lunch magnet
    magpie mango maple marble market marmalade mask meadow medal melon metal midnight milk mill mirror mitten monday
    monkey moon mosaic moth motor mountain mouse museum mushroom music mustard napkin needle nephew nest nettle
    nickel noodle north nostril notebook novel nugget nurse oak oasis oboe ocean october olive onion opera orange
    orbit orchard orchid organ ostrich otter oven owl oyster paddle painter palace pancake panda panther paper
    parade parcel parrot parsley pasta pavement peach peanut pearl pebble pelican pencil penguin pepper piano picnic
    pigeon pillow pilot pine pirate planet plaster platform plum pocket poem polar pond pony poppy porch porridge
    potato pottery powder puddle pumpkin puppet purple puzzle pyramid quarry queen quilt rabbit radar radio railway
    rain raisin ranger raven ribbon river robin rocket roof rose ruby rugby saddle safari sailor salad salmon sandal
    satchel saturn saucer scarf school scooter seagull season shadow shamrock shark sheep shell sherbet shoulder
    silver sister skate sketch slipper snail snow soccer sofa spanner sparrow spider spinach spiral sponge spoon
    spring square squirrel stable stadium stamp station statue stone storm stream student sugar summer sunday sunset
    swallow swan table tambourine tangerine tartan teacher teapot temple tennis thimble thistle thunder tiger timber
    toast toffee tomato tortoise tower tractor trumpet tulip tunnel turkey turnip turtle twig umbrella unicorn
    valley vanilla velvet village vinegar violet violin volcano wagon waffle walnut walrus wardrobe water weasel
    whale wheel whisker willow window winter wizard yellow zebra
    """
)
LENGTH = 8


def new_phrase() -> str:
    """Eight words, with hyphens between."""
    return "-".join(secrets.choice(WORDS) for _ in range(LENGTH))


def cleaned(typed: str) -> str:
    """As it was given: however somebody put blanks, hyphens and capitals between what they heard."""
    return "-".join(re.findall(r"[a-z]+", typed.lower()))


def is_ours(phrase: str) -> bool:
    """Whether it is one that `new_phrase` could have made: nobody seals a file with less."""
    words = phrase.split("-")
    return len(words) == LENGTH and all(word in WORDS for word in words)
