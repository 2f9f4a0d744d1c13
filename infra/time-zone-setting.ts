import * as z from "zod/mini";
import { given, showing } from "../shared/core/given-value.ts";
import { similarName } from "../shared/core/nearest-name.ts";
import { isTimeZone } from "../shared/core/time/days.ts";
import { otherZoneNames } from "./other-zone-names.ts";

/** Every valid name, in IANA's spelling. */
const zones: ReadonlySet<string> = new Set(["UTC", ...Intl.supportedValuesOf("timeZone"), ...otherZoneNames]);

/** Abbreviations of each time zone that is probably meant. They are no zone names, and some have no summer time. */
const abbreviations: Readonly<Record<string, string>> = {
  "America/New_York": "ET EST EDT EST5EDT",
  "America/Chicago": "CT CST CDT CST6CDT",
  "America/Denver": "MT MST MDT MST7MDT",
  "America/Los_Angeles": "PT PST PDT PST8PDT",
  "America/Anchorage": "AKT AKST AKDT",
  "America/Halifax": "AST ADT",
  "America/St_Johns": "NT NST NDT",
  "America/Sao_Paulo": "BRT BRST",
  "Pacific/Honolulu": "HT HST HDT",
  "Europe/London": "GMT BST",
  "Europe/Lisbon": "WET WEST",
  "Europe/Paris": "CET CEST MET MEST",
  "Europe/Berlin": "MEZ MESZ",
  "Europe/Athens": "EET EEST",
  "Europe/Moscow": "MSK",
  "Africa/Johannesburg": "SAST",
  "Asia/Dubai": "GST",
  "Asia/Kolkata": "IST",
  "Asia/Manila": "PHT PHST",
  "Asia/Hong_Kong": "HKT",
  "Asia/Singapore": "SGT",
  "Asia/Seoul": "KST",
  "Asia/Tokyo": "JST",
  "Australia/Perth": "AWST",
  "Australia/Adelaide": "ACST ACDT",
  "Australia/Sydney": "AEST AEDT AET",
  "Pacific/Auckland": "NZT NZST NZDT",
};

/**
 * An IANA time zone that EventBridge Scheduler also accepts: `area/place` in IANA's spelling, or `UTC`.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export const TimeZoneSetting = z.string(showing("expected an IANA time zone, such as America/New_York")).check(
  z.refine(isPlaceOrUtc, {
    error: ({ input }) => {
      const meant = suggestZone(String(input));
      return `expected an IANA time zone, such as America/New_York${meant ? `; did you mean ${meant}?` : ""}${given(input)}`;
    },
  }),
);

/** True for an IANA name of a place, in IANA's spelling, and for `UTC`. */
export function isPlaceOrUtc(name: string): boolean {
  return zones.has(name) && isTimeZone(name);
}

function suggestZone(input: string): string | undefined {
  const name = input.trim().toLowerCase();
  const all = [...zones];
  return (
    Object.keys(abbreviations).find((zone) => abbreviations[zone]?.toLowerCase().split(" ").includes(name)) ??
    all.find((zone) => zone.toLowerCase() === name) ??
    zoneOfEnglishName(name) ??
    zoneOfPlace(name, all) ??
    listedNameOf(name)
  );
}

/** The zone with the place that the text names; else a similar place, in the area that the text names. */
function zoneOfPlace(text: string, all: readonly string[]): string | undefined {
  const [place = "", area] = text.replaceAll(" ", "_").split(/[/\\]/).reverse();
  const placeOf = (zone: string) => zone.slice(zone.lastIndexOf("/") + 1).toLowerCase();
  const inArea = all.filter((zone) => zone.toLowerCase().startsWith(`${area}/`));
  const near = inArea.length > 0 ? inArea : all;
  const find = (meant: string | undefined, within: readonly string[]) => within.find((zone) => placeOf(zone) === meant);
  return find(place, near) ?? find(place, all) ?? find(similarName(place, near.map(placeOf)), near);
}

/** The zone whose English name, such as "Eastern Time", is in the text. The longest name wins. */
function zoneOfEnglishName(text: string): string | undefined {
  zoneNames ??= Object.keys(abbreviations).flatMap((zone) => englishNames(zone).map((name) => ({ zone, name })));
  const matches = zoneNames.filter(({ name }) => text.includes(name) || name === `${text} time`);
  return matches.sort((one, other) => other.name.length - one.name.length)[0]?.zone;
}

let zoneNames: readonly { readonly zone: string; readonly name: string }[] | undefined;

/** The English names of a zone in CLDR: for summer, for winter and for both. */
function englishNames(timeZone: string): readonly string[] {
  const names = (["long", "longGeneric"] as const).flatMap((timeZoneName) => {
    const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName });
    const parts = ["2026-01-01", "2026-07-01"].flatMap((day) => format.formatToParts(new Date(day)));
    return parts.flatMap(({ type, value }) => (type === "timeZoneName" ? [value.toLowerCase()] : []));
  });
  return [...new Set(names)];
}

/** The listed name of a zone for which the runtime also knows an alias, such as Japan. */
function listedNameOf(name: string): string | undefined {
  if (!isTimeZone(name)) return undefined;
  const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
  return zones.has(timeZone) ? timeZone : undefined;
}
