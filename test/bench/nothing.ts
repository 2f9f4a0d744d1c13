import { costOfNothing, goalOfNothing, nothingKinds, nothingPhases } from "../support/nothing.ts";
import type { Figure } from "./table.ts";

/** What a run costs whose service gives nothing, of each kind and in each phase, in virtual time. */
export async function nothingFigures(quick: boolean): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const phase of nothingPhases) {
    for (const kind of quick ? (["404", "500"] as const) : nothingKinds) {
      const { code, requests, logins, minutes } = await costOfNothing({ kind, phase });
      const most = goalOfNothing({ kind, phase });
      figures.push({
        what: `nothing in ${phase} but ${kind}: requests, more logins, minutes`,
        value: `${requests}, ${logins}, ${minutes.toFixed(0)} (${code ?? "ended well"})`,
        goal: `≤ ${most.requests}, ≤ ${most.logins}, ≤ ${most.minutes}`,
      });
    }
  }
  return figures;
}
