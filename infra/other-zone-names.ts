/** IANA names that `Intl.supportedValuesOf("timeZone")` does not list: aliases of the listed ones (tzdata 2025b, `backward`). */
export const otherZoneNames: readonly string[] = Object.entries({
  Africa: `Asmara Timbuktu`,
  America: `Argentina/Buenos_Aires Argentina/Catamarca Argentina/ComodRivadavia Argentina/Cordoba Argentina/Jujuy
    Argentina/Mendoza Atikokan Atka Ensenada Fort_Wayne Indiana/Indianapolis Kentucky/Louisville Knox_IN Montreal
    Nipigon Nuuk Pangnirtung Porto_Acre Rainy_River Rosario Santa_Isabel Shiprock Thunder_Bay Virgin Yellowknife`,
  Antarctica: `South_Pole`,
  Asia: `Ashkhabad Choibalsan Chongqing Chungking Dacca Harbin Ho_Chi_Minh Istanbul Kashgar Kathmandu Kolkata Macao
    Tel_Aviv Thimbu Ujung_Pandang Ulan_Bator Yangon`,
  Atlantic: `Faroe Jan_Mayen`,
  Australia: `ACT Canberra Currie LHI NSW North Queensland South Tasmania Victoria West Yancowinna`,
  Brazil: `Acre DeNoronha East West`,
  Canada: `Atlantic Central Eastern Mountain Newfoundland Pacific Saskatchewan Yukon`,
  Chile: `Continental EasterIsland`,
  Europe: `Belfast Kyiv Nicosia Tiraspol Uzhgorod Zaporozhye`,
  Mexico: `BajaNorte BajaSur General`,
  Pacific: `Chuuk Johnston Kanton Pohnpei Samoa Yap`,
  US: `Alaska Aleutian Arizona Central East-Indiana Eastern Hawaii Indiana-Starke Michigan Mountain Pacific Samoa`,
}).flatMap(([area, places]) => places.split(/\s+/).map((place) => `${area}/${place}`));
