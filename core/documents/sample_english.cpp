#include "documents/sample_grammar.h"

namespace burrow {
namespace {

constexpr const char* englishRules = R"(
line: {paragraph} | {paragraph} | {paragraph} | {paragraph} | {paragraph} | {record} | {record} | {log} | {log} | {log} | {heading} | {speech}
paragraph: {say} {say} | {say} {say} {say} | {say} {say} {say} {say} | {say} {fact} {say} | {fact} {say} {say} {say} | {say} {say} {say} {say} {say}
say: {opening} {clause}. | {clause1}. | {clause1}, and {clause}. | {clause1}, but {clause}. | {opening} {clause}, because {clause}. | {clause1} while {clause}. | Nobody in {place} could say why {clause}. | {person} wrote that {clause}. | It was said that {clause}. | {clause1}; {clause}. | According to the {paper}, {clause}. | When {clause}, {clause}. | If {person} was right, {clause}.
opening: That {season}, | In {month}, | By {time}, | On {weekday} | Early in {year}, | Towards evening | After the {event}, | Before the {event}, | For {number} days | Some weeks later | Against all advice, | As usual, | Not far from {place}, | On the road to {place}, | Once more | To everyone's surprise,
clause: the {adjective} {trade} {verbed} the {object} | {person} {verbed} the {adjective} {object} of the {building} | the {building} in {place} stayed {state} | {number} {goods} were sent to {place} | the {season} had been {adjective} in {place} | a {adjective} {object} was left at the {building} | the {trade} of {place} {verbed} the {goods} | {person} travelled to {place} with {number} {goods} | the {device} {reading} | two {trade}s argued over the {object} | the price of {goods} rose to {number} crowns | the {animals} came down to the {field} | the {event} was {outcome} | {person} and {person} {verbed} the {object} | rain fell on the {field} of {place} for {number} hours | the {office} {promised} a {adjective} {building} | a letter from {place} mentioned the {adjective} {object}
clause1: The {adjective} {trade} {verbed} the {object} | {person} {verbed} the {adjective} {object} of the {building} | The {building} in {place} stayed {state} | A {adjective} {object} was left at the {building} | {person} travelled to {place} with {number} {goods} | The {device} {reading} | The {animals} came down to the {field} | The {event} was {outcome} | The {office} of {place} {promised} a {adjective} {building} | {person} and {person} {verbed} the {object} | Some {number} {goods} lay in the {building} | Every {trade} in {place} knew the {adjective} {object}
record: {date}; {place}; {goods}: {number}; {person}; {note} | No. {=%###} - {goods}, {number} crates, from {place} to {place}, received by {person}. | Item {=%##}: {adjective} {object}, estimated at {amount} crowns, lent by {person}. | {person}, {trade}, {place}, born {date}. | Reading of the {device} at {place}: {=%##.#}, remarks: {state}. | {place} {building}, opened {year}, rooms: {=%#}, head: {person}. | Minutes of {date}: {clause1}. Present: {person}, {person}, {person}.
log: {stamp} INFO  {service}: request {=%#######} served in {=%##} ms | {stamp} INFO  {service}: {goods} stock in {place} is {number} | {stamp} WARN  {service}: {device} at {place} {reading} | {stamp} DEBUG {service}: cache holds {=%####} entries, {=%#} expired | {stamp} INFO  {service}: {person} signed in from {place} | {stamp} ERROR {service}: code {=E%###}, retry {=%} of 9 | {stamp} INFO  {service}: checksum {=%#@#@@#%} for volume {=%###} | {stamp} INFO  {service}: backup of {place} took {=%##} minutes
heading: {=%#}.{=%} The {adjective} {object} | Chapter {=%#}: {place} | Notes on the {event} of {year} | {month} {year}, {place} | Part {=%}: {person}
speech: "{clause1}," said {person}. "{say}" | "Have you seen the {object}?" asked {person}. "{clause1}." | {person} laughed. "{say} {say}"
stamp: {year}-{=0%}-{=1#} {=1#}:{=2#}:{=3#} | {year}-{=1}{=2}-{=0%} {=0#}:{=4#}:{=5#} | {year}-{=0%}-{=2#} {=0#}:{=1#}:{=0#}
person: {first} {last}
first: Ines | Tomas | Mara | Oskar | Liv | Henrik | Salma | Bruno | Edith | Farid | Greta | Hugo | Irena | Jonas | Katya | Leopold | Miriam | Nadia | Olaf | Petra | Quentin | Rosa | Stefan | Tilda | Ulrich | Vera | Wanda | Xenia | Yusuf | Zelda | Agnes | Boris | Clara | Dmitri | Elena | Fabian | Gwen | Hanna | Igor | Judith | Kofi | Lena | Milan | Nora | Otto | Paula | Rahel | Simon | Thea | Viktor
last: Okafor | Lindqvist | Varga | Moreau | Castellan | Brandt | Sorensen | Haddad | Novak | Pereira | Whitlock | Anders | Baranov | Callaghan | Duarte | Eklund | Ferrant | Grimaldi | Holloway | Ivarsson | Jansen | Kowal | Lambert | Mendez | Nakata | Ostrow | Pellegrin | Quist | Rademaker | Salazar | Thorne | Ulvang | Venter | Wexford | Yilmaz | Zeller | Ashdown | Birkeland | Corvin | Drummond | Ellery | Falk | Garrow | Hartmann | Ilves | Kestrel | Lorne | Marchetti | Nyberg | Penrose
place: {head}{tail} | {head}{tail} | {head}{tail} | {side} {head}{tail}
side: Upper | Lower | North | South | Old | New | Little | Saint
head: Tarn | Elm | Grey | Marl | Hart | Wick | Ald | Brack | Cold | Dun | Eber | Fal | Glen | Hollow | Iver | Kes | Lang | Mer | Nor | Oster | Pen | Quar | Raven | Sel | Thorn | Ul | Vander | Wil | Yar | Ash | Birch | Crow | Dray | Fen | Gal | Hale | Kirk | Lin | Mossy | Nether
tail: wick | ford | mouth | bury | stead | holm | dale | bridge | ham | ton | haven | moor | field | gate | well | combe | stow | ley | worth | by | shaw | beck | den | crest
adjective: old | narrow | painted | forgotten | heavy | silent | crooked | bright | unfinished | borrowed | costly | damp | familiar | grand | humble | iron | lonely | modest | northern | ornate | pale | quiet | rusted | sturdy | tall | useless | veiled | wooden | yellow | broken | careful | distant | early | famous | gilded | honest | idle | patient | reluctant | stubborn
trade: baker | surveyor | ferryman | printer | weaver | clerk | carpenter | glazier | miller | teacher | warden | archivist | brewer | cooper | tailor | gardener | joiner | locksmith | mason | notary | painter | saddler | smith | tanner | cobbler | librarian | pilot | signalman | toolmaker | watchman
object: ledger | lantern | map | violin | telescope | compass | carpet | portrait | statue | chest | barometer | manuscript | tapestry | globe | sextant | music box | mirror | chronicle | banner | anchor | bell rope | chandelier | door knocker | etching | flute | goblet | harp | inkwell | kettle | loom
building: lighthouse | town hall | chapel | museum | library | mill | observatory | brewery | customs house | theatre | school | hospital | monastery | boathouse | granary | post office | bakery | tower | barracks | archive | greenhouse | inn | powder house | guildhall | station
device: tide gauge | seismograph | harbour crane | pump | generator | clock | weighbridge | telegraph | turbine | elevator | kiln | water meter | signal lamp | foghorn | radio mast | printing press | furnace | sluice gate | wind vane | scanner
reading: showed {=%##.#} | stood at {=%##} | was {state} again | had been {state} since {month} | missed {=%#} readings | reported code {=E%###}
state: closed | silent | under repair | open to visitors | unheated | out of order | half empty | in good order | without light | locked | unchanged
verbed: repaired | sold | described | carried | borrowed | measured | painted | ignored | praised | hid | returned | examined | copied | lost | inherited | polished | weighed | catalogued | refused | restored | pawned | photographed | traded | unpacked
goods: barrels of salt | bolts of linen | sacks of rye | tins of paint | crates of apples | bundles of reed | bricks | candles | coils of rope | jars of honey | panes of glass | planks | rolls of paper | slates | spools of thread | tiles | wheels of cheese | casks of cider | boxes of nails | bags of seed
animals: geese | herons | seals | otters | swallows | deer | hares | cranes | storks | bats | salmon | plovers | goats | swans | beavers
field: salt marsh | common | river bank | upper meadow | heath | northern shore | old orchard | peat bog | quarry pond | sand bar | water meadow | east pasture
event: flood | fair | census | election | harvest | strike | concert | regatta | inspection | great fire | wedding | auction | survey | drought | storm
outcome: soon forgotten | a success | put off until {month} | talked about for {number} days | attended by {number} people | poorly paid | written up in the {paper} | called off
office: mayor | treasurer | harbour master | head gardener | bell ringer | town clerk | postmaster | magistrate | schoolmaster | fire chief
promised: promised | refused | paid for | asked for | opened | forgot
paper: Gazette | Courier | Morning Post | Harbour News | Almanac | parish register | Evening Star | yearbook
season: spring | summer | autumn | winter
month: January | February | March | April | May | June | July | August | September | October | November | December
weekday: Monday | Tuesday | Wednesday | Thursday | Friday | Saturday | Sunday
number: {=%#} | {=%##} | {=%##} | {=%###} | twelve | forty | three hundred
amount: {=%,###} | {=%#,##%} | {=%##,##%}
year: {=18##} | {=19##} | {=19##} | {=20##}
day: {=%} | {=1#} | {=2%}
date: {day} {month} {year}
time: {=%} o'clock | noon | midnight | half past {=%}
service: gatekeeper | billing | mailer | indexer | scheduler | storage | relay | ticketing
note: paid | on loan | to be checked | {state}
code: {=@@-%###-@@} | {=%##-@@@-###} | {=@%###@##} | {=%##-###-##%}
locker: {=%####}
longcount: {=%,##%} | {=%##%} | {=%#,##%}
hiding: under the {ordinal} {adjective} flagstone behind the {object2} | inside the {adjective} {object2} by the {adjective} window | behind a loose brick beside the {object2} | in the lining of a {adjective} coat next to the {object2}
ordinal: second | third | fourth | fifth | sixth | seventh | eighth | ninth | tenth
object2: stove | pulpit | water trough | rain barrel | grandfather clock | bookshelf | dovecote | wine press | coal bin | weather vane | spinning wheel | map cabinet
dog: {petA}{petB}
petA: Bram | Pip | Tus | Mop | Wim | Fid | Gor | Nib | Zor | Tat | Kip | Rum | Dux | Lop | Bix
petB: bles | kin | ter | sy | wick | ola | ander | ette | ibald | oon | elot | us | aroo
ship: {=@}{=-%##} {shipname}
shipname: Albatross | Meridian | Providence | Halcyon | Kittiwake | Northern Light | Perseverance | Sea Thistle | Wanderer | Evening Tide
exactdate: {day} {month} {year}
clocktime: {=%:0%} in the morning | {=%:4%} in the afternoon | {=1%:1%} sharp | {=%:2%} in the evening
password: {wordA}-{wordB}-{=%##}
wordA: amber | cobalt | crimson | copper | ivory | indigo | jade | onyx | pearl | saffron | scarlet | umber | violet | walnut
wordB: badger | falcon | gecko | heron | jackal | lynx | marten | newt | osprey | puffin | raven | stoat | tern | viper | walrus
dish: plum cake | fish soup | rye bread | mushroom stew | lemon tart | barley broth | onion pie | ginger loaf
ingredient: butter | flour | honey | almonds | salt | sugar | raisins | dried figs
project: Bluebell | Cormorant | Driftwood | Everest | Foxglove | Gemini | Hazel | Juniper | Kingfisher | Lodestar | Magpie | Nightjar
employer: {head}{tail} Foundry | {head}{tail} Shipping | {last} & {last} | {head}{tail} Institute | Bank of {head}{tail}
emoji: 🙂 | 🌊 | 🎻 | 🚢 | ⭐ | 🍎 | 🦊 | 📦 | 🧭 | ☔ | 🌿 | 🔔
)";

constexpr SampleFactForm englishFacts[] = {
    {"The access code of the {device} at {place} is {code}.",
        "What is the access code of the {device} at {place}?", "{code}", {"{device}", "{place}"}},
    {"{person} keeps the spare key of the {building} {hiding}.",
        "Where does {person} keep the spare key of the {building}?", "{hiding}", {"{person}", "{building}"}},
    {"The {device} in {place} was last calibrated on {exactdate}.",
        "When was the {device} in {place} last calibrated?", "{exactdate}", {"{device}", "{place}"}},
    {"In the {season} of that year, {longcount} {animals} were counted on the {field} near {place}.",
        "How many {animals} were counted on the {field} near {place}?", "{longcount}",
        {"{animals}", "{place}"}},
    {"By a narrow vote, {person} was elected {office} of {place}.", "Who was elected {office} of {place}?",
        "{person}", {"{office}", "{place}"}},
    {"The ferry {ship} was launched in {place} after a delay of {longcount} days.",
        "Where was the ferry {ship} launched?", "{place}", {"ferry", "{ship}"}},
    {"Parcel {code} was signed for by {person} at the depot.", "Who signed for parcel {code}?", "{person}",
        {"Parcel", "{code}"}},
    {"The {project} archive in {place} opens with the password \"{password}\".",
        "Which password opens the {project} archive in {place}?", "{password}", {"{project}", "{place}"}},
    {"The dog of {person} answers to the name of {dog}.", "What is the name of {person}'s dog?", "{dog}",
        {"dog", "{person}"}},
    {"{person} always put {longcount} grams of {ingredient} into the {dish}.",
        "How many grams of {ingredient} did {person} put into the {dish}?", "{longcount}",
        {"{person}", "{ingredient}"}},
    {"Locker {locker} at the {building} in {place} holds the {object} of {person}.",
        "Which locker at the {building} in {place} holds {person}'s {object}?", "{locker}",
        {"{place}", "{person}"}},
    {"The budget of project {project} in {place} was raised to {amount} crowns.",
        "To how many crowns was the budget of project {project} in {place} raised?", "{amount}",
        {"{project}", "{place}"}},
    {"At the auction, {person} paid {amount} crowns for the {adjective} {object} from {place}.",
        "How much did {person} pay for the {adjective} {object} from {place}?", "{amount}",
        {"{person}", "{object}"}},
    {"The last train from {place} to {head}{tail} leaves at {clocktime}.",
        "At what time does the last train from {place} to {head}{tail} leave?", "{clocktime}",
        {"{place}", "{head}{tail}"}},
    {"Before the war, {person} worked for {employer} as a {trade}.",
        "For whom did {person} work as a {trade} before the war?", "{employer}", {"{person}", "{trade}"}},
    {"The survey gave the {building} of {place} the registration number {code}.",
        "Under which registration number is the {building} of {place} listed?", "{code}",
        {"{building}", "{place}"}},
};

} // namespace

const SampleLanguage& englishSamples()
{
    static constexpr SampleLanguage language{englishRules, englishFacts, " "};
    return language;
}

} // namespace burrow
