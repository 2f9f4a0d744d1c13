import type { CallManifest } from "../../core/calls/call-manifest.ts";

/** Returns the hint for a day that stays open; problems of its listing come first. */
export function openDayHint({
  day,
  openReasons,
  failure,
}: Pick<CallManifest, "day" | "openReasons" | "failure">): string | undefined {
  if (failure && openReasons.includes("listing-failed")) return listingHint(failure.code);
  if (openReasons.includes("listing-shrank")) {
    const accept = JSON.stringify({ days: [day], acceptShrunk: true });
    return `Check that the service user's role still has Company Call Log for the whole company. If it is correct that the calls are gone, send start-run ${accept}.`;
  }
  if (openReasons.includes("listing-not-settled"))
    return "No action until it has been open for seven nights: a day closes when two of its listings agree. Then shorten settling in the settings or, without that setting, open an issue with the listings of the day's manifest.";
  if (openReasons.includes("recordings-pending"))
    return "Do what facts.hint of the lines `recording not fetched` of this day says; its call log is complete.";
  return undefined;
}

function listingHint(code: string): string {
  switch (code) {
    case "RELIST_REQUESTED":
      return "No action if the next run lists it. If that run fails, do what facts.hint of its line `run failed` says.";
    case "DAY_FILE_CHANGED":
      return "No action if the next run lists it. If this happens again, look for what else writes to this archive, such as another stack.";
    default:
      return "Do what facts.hint of the newest line `day listing failed` of this day says.";
  }
}
