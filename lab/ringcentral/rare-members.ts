import type { Call } from "./call.ts";
import { hasRare, rareEvery } from "./call-words.ts";
import { dealt } from "./deck.ts";
import { extensionAt } from "./people.ts";
import { createRandom, randomText, seedOf } from "./random.ts";
import { delegationTypes } from "./vocabulary.ts";

type Json = Readonly<Record<string, unknown>>;

/** Returns optional members of a record and its legs (OpenAPI: BaseCallLogRecord), each of them now and then. */
export function rareMembers(call: Call): Json {
  const random = createRandom(seedOf("rare members", call.seed));
  const hex = () => randomText(random, 32, "0123456789abcdef");
  const delegate = extensionAt(1);
  const members: Json = {
    partyId: `p-${hex()}-2`,
    sipUuidInfo: hex(),
    transferTarget: { telephonySessionId: `s-${hex()}` },
    transferee: { telephonySessionId: `s-${hex()}` },
    metadataCategories: ["AiNotes"],
    delegate: { id: String(delegate.id), name: delegate.name },
    delegationType: dealt("delegation type", delegationTypes, Math.floor(call.turn / rareEvery)),
  };
  return Object.fromEntries(Object.entries(members).filter(([name]) => hasRare(name, call)));
}
