const minuteMs = 60_000;

/**
 * What a clock on the wall showed at an instant, as the milliseconds of that time in UTC: SQL has no other word for a time
 * without a zone. Clocks are changed at whole minutes, so that one answer serves a minute's calls.
 */
export function wallClock(timeZone: string): (instantMs: number) => number | undefined {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  let minute = Number.NaN;
  let shown = Number.NaN;
  return (instantMs) => {
    const rest = ((instantMs % minuteMs) + minuteMs) % minuteMs;
    if (instantMs - rest !== minute) {
      minute = instantMs - rest;
      shown = Date.parse(`${format.format(minute).replace(" ", "T")}Z`);
    }
    return Number.isNaN(shown) ? undefined : shown + rest;
  };
}
