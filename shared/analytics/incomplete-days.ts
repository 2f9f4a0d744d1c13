import type { AnalyticsManifest } from "../core/analytics/manifest.ts";
import { eachLimited } from "../core/each-limited.ts";
import { type ErrorFacts, JobError } from "../errors.ts";
import { readDayState } from "../storage/manifest-file.ts";
import type { OpenDays } from "./open-days.ts";
import type { AnalyticsServices } from "./services.ts";

const readsAtOnce = 16;

/** What a run fails with in the end when some groups could not be collected, though all others were. */
export async function incompleteDays(s: AnalyticsServices, days: OpenDays): Promise<ErrorFacts | undefined> {
  if (days.unreadable.first) return days.unreadable.first;
  // A group that the settings have since left out lacks nothing, unless a person asks for it.
  const wanted = new Set<string>([...s.rules.groups, ...days.groups]);
  const failed = new Map<string, string>();
  let count = 0;
  await eachLimited(days.days, readsAtOnce, async (day) => {
    const { manifest } = await readDayState({ ...s, account: days.account }, day);
    const failures = failuresIn(manifest, wanted);
    if (failures.length > 0) count++;
    for (const { group, code } of failures) failed.set(group, code);
  });
  if (failed.size === 0) return undefined;
  const groups = [...failed].map(([group, code]) => `${group} (${code})`).sort();
  return new JobError("DAYS_INCOMPLETE", `The analytics of ${count} days lack ${groups.join(", ")}`, {
    todo: "The log says why; the next run asks again. A group that this account does not have can be left out in the settings (analytics.groups).",
    details: { days: count },
  }).toJSON();
}

function failuresIn({ groups }: AnalyticsManifest, wanted: ReadonlySet<string>) {
  return groups.flatMap(({ group, failure }) => (failure && wanted.has(group) ? [{ group, code: failure.code }] : []));
}
