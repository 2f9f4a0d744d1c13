import { createOutages, maxCostOfOutage, outageKinds, outagePhases } from "../support/outage.ts";
import type { Figure } from "./table.ts";

/** Measures what a run costs during an outage of each kind and in each phase, in virtual time. */
export async function outageFigures(quick: boolean): Promise<readonly Figure[]> {
  const costOfOutage = createOutages();
  const figures: Figure[] = [];
  for (const phase of outagePhases) {
    for (const kind of quick ? (["404", "500"] as const) : outageKinds) {
      const { code, requests, logins, minutes } = await costOfOutage({ kind, phase });
      const most = maxCostOfOutage({ kind, phase });
      figures.push({
        what: `outage in ${phase}: ${kind}: requests, more logins, minutes`,
        value: `${requests}, ${logins}, ${minutes.toFixed(0)} (${code ?? "ended well"})`,
        goal: `≤ ${most.requests}, ≤ ${most.logins}, ≤ ${most.minutes}`,
      });
    }
  }
  return figures;
}
