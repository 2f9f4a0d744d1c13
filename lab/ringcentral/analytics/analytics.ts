import type { Calendar } from "../calendar.ts";
import type { CallIndex } from "../call-index.ts";
import type { Account } from "../create-account.ts";
import { createFactIndex, type FactIndex } from "./fact-index.ts";
import { createOrganisation, type Organisation } from "./organisation.ts";
import { createZoneClock, type ZoneClock } from "./zone-clock.ts";

/** The data of analytics, created once. */
export interface Analytics {
  readonly organisation: Organisation;
  readonly facts: FactIndex;
  readonly zone: (timeZone: string) => ZoneClock;
}

export interface AnalyticsOptions {
  readonly account: Account;
  readonly calendar: Calendar;
  readonly calls: CallIndex;
}

export function createAnalytics({ account, calendar, calls }: AnalyticsOptions): Analytics {
  const zones = new Map<string, ZoneClock>();
  const zone = (timeZone: string): ZoneClock => {
    const clock = zones.get(timeZone) ?? createZoneClock(timeZone);
    zones.set(timeZone, clock);
    return clock;
  };
  const organisation = createOrganisation(account);
  const facts = createFactIndex({ account, calendar, calls, organisation, zone: zone(account.timeZone) });
  return { organisation, facts, zone };
}
