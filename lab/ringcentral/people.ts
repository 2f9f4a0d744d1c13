import { between, pick, type Random, randomText } from "./random.ts";

export interface Extension {
  readonly id: number;
  readonly number: string;
  readonly name: string;
}

export interface Outsider {
  readonly phoneNumber: string;
  readonly name: string;
  readonly location: string;
}

/** The company's own extension, which no user has. */
export const companyExtensionId = 62_264_420_016;

export const mainNumber = "+16505550100";

const names = [
  "Łukasz Żółciński",
  "李小龍",
  "Zoë Ünal 🎧",
  "محمد الأمين",
  "O'Brien, Siobhán",
  'Jane "JJ" Smith',
  "Nguyễn Thị Ánh",
  "Иван Петров",
  "Sales; East, 2nd floor",
  "Björn Åkesson",
  "राहुल शर्मा",
  "John Smith",
] as const;

const places = ["San Francisco, CA", "São Paulo", "Zürich", "東京", "Bengaluru", "Montréal, QC"] as const;

/** The first number is the main one. */
export function companyNumberAt(place: number): string {
  return place === 0 ? mainNumber : `+1650555${String(1_000 + place)}`;
}

export function someExtension(random: Random, users: number): Extension {
  return extensionAt(between(random, 0, users - 1));
}

/** Extension ids are int64 in the API; these are past 2^31, as real ones are. */
export function extensionAt(place: number): Extension {
  return {
    id: 62_264_425_016 + place * 1_000,
    number: String(101 + place),
    name: names[place % names.length] ?? names[0],
  };
}

export function someOutsider(random: Random): Outsider {
  return {
    phoneNumber: `+1${between(random, 201, 989)}555${randomText(random, 4, "0123456789")}`,
    name: pick(random, names).toUpperCase(),
    location: pick(random, places),
  };
}
