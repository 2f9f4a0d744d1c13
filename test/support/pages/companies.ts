import type { AnalyticsFigures, DayDigest, MemberFigures } from "../../../shared/core/figures/day-figures.ts";
import { type Period, pageFile, periodOf } from "../../../shared/core/figures/periods.ts";
import { addDays, type Day, daysBetween } from "../../../shared/core/time/days.ts";
import type { ArchiveView, DayState, PageLink, Report, ReportIndex } from "../../../shared/pages/report.ts";

/** A number from 0 to 1, always the same for the same seed. */
export function chance(seed: string): number {
  let hash = 2166136261;
  for (const letter of seed) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0;
  for (let round = 0; round < 3; round += 1) hash = Math.imul(hash ^ (hash >>> 15), 2246822519) >>> 0;
  return hash / 2 ** 32;
}

/** Shares of a day's calls by clock hour. */
const hourWeights = [0, 0, 0, 0, 0, 0, 1, 6, 34, 78, 96, 88, 52, 61, 84, 80, 66, 38, 12, 5, 3, 1, 0, 0];
const weightSum = hourWeights.reduce((sum, weight) => sum + weight, 0);

/** A plausible day of so many calls. */
export function dayDigest(day: Day, calls: number): DayDigest {
  const size = calls * (0.85 + 0.3 * chance(`size ${day}`));
  const hours = hourWeights.map((weight, hour) => {
    const ofHour = (share: number, name: string) =>
      Math.round(((size * share * weight) / weightSum) * (0.8 + 0.4 * chance(`${name} ${day} ${hour}`)));
    return { inbound: ofHour(0.62, "in"), outbound: ofHour(0.38, "out") };
  });
  const inbound = hours.reduce((sum, hour) => sum + hour.inbound, 0);
  const outbound = hours.reduce((sum, hour) => sum + hour.outbound, 0);
  const part = (share: number, name: string) => Math.round(inbound * share * (0.8 + 0.4 * chance(`${name} ${day}`)));
  const others = {
    voicemail: part(0.07, "v"),
    missed: part(0.05, "m"),
    abandoned: part(0.035, "a"),
    other: part(0.005, "o"),
  };
  const sum = Object.values(others).reduce((a, b) => a + b, 0);
  const stored = Math.round((inbound + outbound) * 0.31);
  return {
    calls: {
      inbound,
      outbound,
      connected: Math.round(outbound * 0.71),
      outcomes: { answered: inbound - sum, ...others },
      hours,
    },
    recordings: {
      ...{
        stored,
        pending: day.endsWith("9") ? 3 : 0,
        notFound: Math.round(stored * 0.002),
        refused: 0,
        alreadyDeleted: 0,
        lost: 0,
      },
      ...{ bytes: stored * 1_187_000, seconds: stored * 214 },
    },
  };
}

const firstNames =
  "Ada Ben Chiara David Elif Femi Grace Hannah Ivan Julia Kenji Lea Marco Nadia Omar Priya Quentin Rosa Samir Tess".split(
    " ",
  );
const lastNames =
  "Almeida Brandt Castro Dubois Eriksen Fischer Gupta Hansen Ito Jansen Kowalski Lopez Meyer Novak Okafor Petrov Quinn Rossi Silva Tanaka".split(
    " ",
  );
const teamNames = [
  "Sales",
  "Customer support",
  "Billing",
  "Legal",
  "Logistics",
  "Field service",
  "Marketing",
  "People",
  "Finance",
  "IT",
];
const queueNames = [
  ...[
    "Support · English",
    "Support · Deutsch",
    "Billing",
    "Returns",
    "New customers",
    "Technical second level",
    "Emergency line",
    "Partners",
  ],
  ...[
    "Orders",
    "Delivery questions",
    "Warranty",
    "Field service dispatch",
    "Reception Berlin",
    "Reception Lyon",
    "Reception Austin",
    "Insurance",
  ],
  ...["Contracts", "Cancellations", "Key accounts", "Spare parts", "Training", "Press", "Careers", "Night desk"],
];

/** A member of a group with so many calls. */
export function member(key: string, calls: number, about: Partial<MemberFigures> = {}): MemberFigures {
  const inbound = Math.round(calls * 0.62);
  const notAnswered = Math.round(inbound * 0.45 * chance(`reach ${key}`) ** 2);
  const answered = inbound - notAnswered;
  const abandoned = Math.round(notAnswered * 0.3);
  const shareOutside = 0.4 * chance(`sla ${key}`) ** 1.5;
  const outOfSla = Math.round(inbound * shareOutside);
  return {
    ...{ key, calls, answered, notAnswered, abandoned, missed: notAnswered - abandoned, voicemail: 0 },
    ...{
      inSla: 0,
      outOfSla: 0,
      talking: answered + Math.round(calls * 0.2),
      ringing: inbound,
      // Where more calls wait beyond the service level, an average one waits longer.
      ringingSeconds: inbound * (5 + 110 * shareOutside + 8 * chance(`ring ${key}`)),
    },
    ...{
      talkSeconds: answered * (120 + 240 * chance(`talk ${key}`)),
      holdSeconds: answered * 31 * chance(`hold ${key}`),
    },
    ...(about.inSla === undefined ? {} : { outOfSla, inSla: inbound - outOfSla }),
    ...about,
    ...(about.inSla === undefined ? {} : { inSla: inbound - outOfSla }),
  };
}

export interface CompanySize {
  readonly calls: number;
  readonly users: number;
  readonly queues: number;
  readonly teams: number;
}

export const company400: CompanySize = { calls: 3900, users: 400, queues: 24, teams: 10 };

/** The analytics of a company's day. */
export function analyticsOf({ calls, users, queues, teams }: CompanySize, seed = ""): AnalyticsFigures {
  const parts = (count: number, name: string, total: number) => {
    const weights = Array.from(
      { length: count },
      (_, index) =>
        0.15 +
        chance(`${name} ${index} ${seed}`) ** 3 +
        (chance(`${name} ${index}`) > 0.96 ? 2 * chance(`top ${name} ${index}`) : 0),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => Math.round((total * weight) / sum));
  };
  return {
    Company: [member(`company ${seed}`, calls, { key: "1" })],
    Queues: parts(queues, "queue", calls * 0.5).map((each, index) =>
      member(`queue ${index} ${seed}`, each, {
        name: queueNames[index % 24] ?? "",
        extensionNumber: `${7000 + index}`,
        inSla: 0,
      }),
    ),
    Departments: parts(teams, "team", calls).map((each, index) =>
      member(`team ${index} ${seed}`, each, { name: teamNames[index % 10] ?? "" }),
    ),
    Users: parts(users, "user", calls).map((each, index) =>
      member(`user ${index} ${seed}`, each, {
        name: `${firstNames[index % 20]} ${lastNames[Math.floor(index / 20 + index) % 20]}`,
        extensionNumber: `${1001 + index}`,
      }),
    ),
  };
}

export const today = "2026-11-20";

/** An archive of so many days, of which a few are not complete. */
export function archiveView(count = 400, changes: Partial<ArchiveView> = {}): ArchiveView {
  const days = daysBetween(addDays(today, -count), today).map((day, index): [Day, DayState] => {
    if (index === count - 1) return [day, "open"];
    return [day, chance(`state ${day}`) < 0.01 ? "incomplete" : "complete"];
  });
  return {
    sentence: "Complete to 18 Nov; 3 recordings pending; nothing to do.",
    at: new Date("2026-11-20T05:12:00Z"),
    ...{
      today,
      attention: [],
      verification: { at: new Date("2026-11-19T12:20:00Z"), findings: 0 },
      days: new Map(days),
      damaged: new Set<Day>(),
    },
    ...changes,
  };
}

/** A day's report of a company. */
export function dayReport(size: CompanySize, day: Day = "2026-11-19", changes: Partial<Report> = {}): Report {
  return {
    ...{ period: "day", from: day, to: addDays(day, 1), days: new Map([[day, dayDigest(day, size.calls)]]) },
    ...{ analytics: analyticsOf(size, day), analyticsDays: 1 },
    before: new Map([[addDays(day, -7), dayDigest(addDays(day, -7), size.calls)]]),
    sameWeekdays: [1, 2, 3, 4, 5, 6, 7, 8].map((weeks) => dayDigest(addDays(day, -7 * weeks), size.calls)),
    previous: { file: `${addDays(day, -1)}.html`, period: "day", from: addDays(day, -1) },
    next: undefined,
    related: [
      { file: "week-2026-11-16.html", period: "week", from: "2026-11-16" },
      { file: "month-2026-11.html", period: "month", from: "2026-11-01" },
    ],
    ...changes,
  };
}

/** The index of so many days up to yesterday, or up to the day before `end`. */
export function reportIndex(count: number, calls = company400.calls, end: Day = today): ReportIndex {
  const days = daysBetween(addDays(end, -count), end).toReversed();
  const links = (period: Period) => {
    const froms = [...new Set(days.map((day) => periodOf(period, day, 1).from))];
    return froms.map((from): PageLink => ({ file: pageFile(period, from), period, from }));
  };
  return {
    days: links("day").map((link) => ({ ...link, digest: dayDigest(link.from, calls) })),
    ...{ weeks: links("week"), months: links("month") },
  };
}
