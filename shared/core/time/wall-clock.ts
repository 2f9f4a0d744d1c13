const minuteMs = 60_000;

/**
 * Returns a function from epoch ms to local time, as epoch ms of the same time in UTC. SQL has no other form of a time
 * without a zone. Clock changes are at whole minutes, so that each minute is formatted once.
 */
export function wallClock(timeZone: string): (instantMs: number) => number | undefined {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  let minuteStartMs = Number.NaN;
  let localStartMs = Number.NaN;
  return (instantMs) => {
    const msInMinute = ((instantMs % minuteMs) + minuteMs) % minuteMs;
    if (instantMs - msInMinute !== minuteStartMs) {
      minuteStartMs = instantMs - msInMinute;
      localStartMs = Date.parse(`${format.format(minuteStartMs).replace(" ", "T")}Z`);
    }
    return Number.isNaN(localStartMs) ? undefined : localStartMs + msInMinute;
  };
}
