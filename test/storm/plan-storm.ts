import { between, createRandom, pick, type Random, seedOf } from "../../lab/ringcentral/random.ts";
import { laterTroubleMakers } from "./later-trouble-makers.ts";
import { makeCompany } from "./storm-company.ts";
import { type AccountOfStorm, nightStartMs, type StackPlan, type StormPlan, type Trouble } from "./storm-plan.ts";
import { tampering } from "./tampering.ts";
import { type Make, troubleMakers } from "./trouble-makers.ts";

const minuteMs = 60_000;
/** Number of nights with troubles: usually consecutive, or so far apart that RingCentral's responses become final. */
const disturbed = [
  [0, 1, 2],
  [0, 1, 2],
  [0, 1, 2, 3],
  [0, 1, 3, 7, 15, 16],
] as const;
/** Number of calm nights afterwards: for settling, for retries, and for the longest wait between attempts. */
const calm = [1, 2, 11];

/** Creates the plan of a storm from its seed. */
export function planStorm(seed: number): StormPlan {
  const random = createRandom(seedOf(seed, "storm"));
  const nightsOfTrouble = pick(random, disturbed as unknown as readonly [readonly number[], ...(readonly number[])[]]);
  const lastOfTrouble = nightsOfTrouble.at(-1) ?? 0;
  const nights = [...nightsOfTrouble, ...calm.map((after) => lastOfTrouble + after)];
  const stacks: readonly StackPlan[] =
    random() < 0.25
      ? [
          { name: "first", delayMs: 0 },
          { name: "second", delayMs: between(random, 0, 40) * minuteMs },
        ]
      : [{ name: "first", delayMs: 0 }];
  const frame = { seed, nights, stacks, latencyMs: { api: pick(random, [0, 40, 300]), s3: pick(random, [0, 10, 40]) } };
  const calmFromMs = nightStartMs({ nights }, nightsOfTrouble.length) - 120 * minuteMs;
  let tellsLengths = true;
  let calls = makeCompany(random, 3 + lastOfTrouble);
  const troubles: Trouble[] = [];
  const kinds = chooseKinds(random, between(random, 1, 4));
  const laterRandom = createRandom(seedOf(seed, "later kinds"));
  const laterKinds = chooseLaterKinds(laterRandom);
  const tamperRandom = createRandom(seedOf(seed, "tampering"));
  const isTampered = tamperRandom() < 0.25;
  const allKinds = [...kinds, ...laterKinds, ...(isTampered ? ["tampering"] : [])];
  let account: AccountOfStorm = {};
  const make = (maker: Make, from: Random) => {
    const disturbedNights = nightsOfTrouble.length;
    const made = maker(from, { ...frame, kinds: allKinds, calls, tellsLengths, calmFromMs, disturbedNights });
    calls = [...calls, ...(made.calls ?? [])];
    tellsLengths = tellsLengths && made.tellsLengths !== false;
    account = { ...account, ...made.account };
    troubles.push(...made.troubles);
  };
  for (const kind of kinds) make(troubleMakers[kind].make, random);
  for (const kind of laterKinds) make(laterTroubleMakers[kind], laterRandom);
  if (isTampered) make(tampering, tamperRandom);
  return { ...frame, kinds: allKinds, calls, tellsLengths, account, troubles };
}

type Kind = keyof typeof troubleMakers;

function chooseKinds(random: Random, howMany: number): readonly Kind[] {
  const kinds = Object.entries(troubleMakers) as [Kind, { readonly weight: number }][];
  const weighted = kinds.flatMap(([kind, { weight }]) => Array.from({ length: weight }, () => kind));
  const chosen = new Set<Kind>();
  while (chosen.size < howMany) {
    const kind = weighted[Math.floor(random() * weighted.length)];
    if (kind) chosen.add(kind);
  }
  return [...chosen];
}

type LaterKind = keyof typeof laterTroubleMakers;

/** Adds one of them to every other storm. */
function chooseLaterKinds(random: Random): readonly LaterKind[] {
  const [first, ...others] = Object.keys(laterTroubleMakers) as [LaterKind, ...LaterKind[]];
  return random() < 0.5 ? [pick(random, [first, ...others])] : [];
}
