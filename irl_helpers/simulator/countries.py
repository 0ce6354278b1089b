"""The two-letter codes of ISO 3166-1 ("UK" is not one of them: it is GB), and where Stripe has accounts."""

_CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_CODES.split())

# Where one can have an account, and in which currency it then is. https://stripe.com/global
_IN_EUROS = "AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK"
_IN_THEIR_OWN = """
AE:aed AU:aud BG:bgn BR:brl CA:cad CH:chf CZ:czk DK:dkk GB:gbp GI:gbp HK:hkd HU:huf ID:idr IN:inr JP:jpy
LI:chf MX:mxn MY:myr NO:nok NZ:nzd PL:pln RO:ron SE:sek SG:sgd TH:thb US:usd
"""
CURRENCIES = dict.fromkeys(_IN_EUROS.split(), "eur") | dict(pair.split(":") for pair in _IN_THEIR_OWN.split())
