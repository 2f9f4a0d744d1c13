import type { Call } from "./call.ts";
import type { CallScenario } from "./call-scenario.ts";
import { hasRare, rareEvery } from "./call-words.ts";
import { dealt } from "./deck.ts";
import type { Links } from "./links.ts";
import { companyExtensionId, extensionAt } from "./people.ts";

type Json = Readonly<Record<string, unknown>>;

interface PartiesOptions {
  readonly call: Call;
  readonly scenario: CallScenario;
  readonly links: Links;
}

/** Returns both parties as in a record. Both may be unusual: see `outsideOf`. */
export function parties({ call, scenario, links }: PartiesOptions): Json {
  const { inbound, extension, companyNumber } = scenario;
  const dialled = hasRare("dialled number", call);
  const inside = {
    phoneNumber: companyNumber,
    extensionNumber: extension.number,
    extensionId: String(extension.id),
    name: extension.name,
    ...(hasRare("device", call) && { device: links.device(String(extension.id + 1)) }),
  };
  const outside = outsideOf(call, scenario);
  const dialer = dialled && "phoneNumber" in outside && { dialerPhoneNumber: outside.phoneNumber };
  const dialed = dialled && "phoneNumber" in outside && { dialedPhoneNumber: outside.phoneNumber };
  return inbound ? { from: { ...outside, ...dialer }, to: inside } : { from: inside, to: { ...outside, ...dialed } };
}

/** Returns the other party as in a leg, which has only its number. */
export function callerOfLeg(call: Call, scenario: CallScenario): Json {
  const outside = outsideOf(call, scenario);
  return "phoneNumber" in outside ? { phoneNumber: outside.phoneNumber } : {};
}

/** Returns on whose behalf the call was, which a record may leave open. */
export function extensionOf({ call, scenario, links }: PartiesOptions): Json {
  const { id } = scenario.extension;
  return hasRare("nobody's", call) ? {} : { extension: { uri: links.extension(id), id } };
}

/** As seen in 2026: a short-dialled extension is in `phoneNumber`, and callers are withheld, nameless, or badly formatted. */
const oddities = ["short dial", "withheld", "anonymous", "formatted", "company"] as const;

function outsideOf({ turn }: Call, { outsider }: CallScenario): Json {
  switch (hasRare("oddity", { turn }) && dealt("oddity", oddities, Math.floor(turn / rareEvery))) {
    case "short dial":
      return { phoneNumber: extensionAt(turn % 3).number };
    case "withheld":
      return { name: outsider.name };
    case "anonymous":
      return { phoneNumber: "anonymous", name: "Anonymous" };
    case "formatted":
      return { ...outsider, phoneNumber: outsider.phoneNumber.replace(/^\+1(\d{3})(\d{3})/, "($1)$2-") };
    case "company":
      // Guess: the form of a party of the extension type CompanyExtension, which the directory has.
      return { extensionId: String(companyExtensionId) };
    default:
      return { ...outsider };
  }
}
