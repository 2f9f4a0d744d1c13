import * as z from "zod/mini";
import { isTimeZone } from "../shared/core/days.ts";
import { similarName } from "../shared/core/nearest-name.ts";

/** Abbreviations that name no place: some know no summer time, and a zone cannot be changed later. */
const abbreviations: Readonly<Record<string, string>> = {
  EST: "America/New_York",
  EDT: "America/New_York",
  EST5EDT: "America/New_York",
  CST: "America/Chicago",
  CDT: "America/Chicago",
  CST6CDT: "America/Chicago",
  MST: "America/Denver",
  MDT: "America/Denver",
  MST7MDT: "America/Denver",
  PST: "America/Los_Angeles",
  PDT: "America/Los_Angeles",
  PST8PDT: "America/Los_Angeles",
  GMT: "Europe/London",
  BST: "Europe/London",
  CET: "Europe/Paris",
  MET: "Europe/Paris",
};

/**
 * An IANA time zone as EventBridge Scheduler takes it, too: `area/place` in its own spelling, or `UTC`.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export const TimeZoneSetting = z.string("expected an IANA time zone").check(
  z.refine(isPlaceOrUtc, {
    error: ({ input }) => {
      const meant = zoneMeant(String(input));
      return `expected an IANA time zone, as America/New_York${meant ? `; did you mean ${meant}?` : ""}`;
    },
  }),
);

function isPlaceOrUtc(name: string): boolean {
  if (!isTimeZone(name) || !(name.includes("/") || name === "UTC")) return false;
  // Zones of other names for the same place keep theirs.
  const known = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  return known === name || known.toLowerCase() !== name.toLowerCase();
}

function zoneMeant(wrong: string): string | undefined {
  const zones = ["UTC", ...Intl.supportedValuesOf("timeZone")];
  const placeOf = (zone: string) => zone.slice(zone.lastIndexOf("/") + 1).toLowerCase();
  const place = wrong.replaceAll(" ", "_").toLowerCase();
  return (
    abbreviations[wrong.toUpperCase()] ??
    zones.find((zone) => zone.toLowerCase() === wrong.toLowerCase()) ??
    zones.find((zone) => placeOf(zone) === place) ??
    similarName(wrong, zones)
  );
}
