import type { Call } from "./call.ts";
import type { CallScenario } from "./call-scenario.ts";
import { dealt, dealtOrUsual, isTurn } from "./deck.ts";
import {
  answeredReasons,
  answeredResults,
  faxActions,
  faxLegTypes,
  faxReasons,
  faxResults,
  outsideInternalTypes,
  unansweredReasons,
  unansweredResults,
  undocumentedLegType,
  voiceActions,
  voiceLegTypes,
} from "./vocabulary.ts";

const legTypes = [...voiceLegTypes, undocumentedLegType];

/** True if the call was answered, whatever word the record has for it. Recordings and analytics depend on it. */
export function isAnswered({ fax, recording, short }: Call): boolean {
  return !fax && (recording !== undefined || short);
}

export function actionOf(call: Call, { inbound }: CallScenario): string {
  if (call.fax) return faxActions[wayOf(inbound)];
  return dealtOrUsual("action", inbound ? "Phone Call" : "VoIP Call", voiceActions, call.turn);
}

export function resultOf(call: Call, { inbound }: CallScenario): string {
  if (isAnswered(call)) return answeredResults[wayOf(inbound)];
  if (call.fax) return dealt("fax result", faxResults[wayOf(inbound)], call.turn);
  return dealtOrUsual("result", inbound ? "Missed" : "No Answer", unansweredResults, call.turn);
}

/** Half of the calls have none. */
export function reasonOf(call: Call): string | undefined {
  const reasons = call.fax ? faxReasons : isAnswered(call) ? answeredReasons : unansweredReasons;
  return dealtOrUsual<string | undefined>("reason", undefined, reasons, call.turn);
}

export function internalTypeOf({ turn }: Call, { internal }: CallScenario): string {
  return internal ? "Sip" : dealt("internal type", outsideInternalTypes, turn);
}

/** The first leg is usually the answered one, and legs of further recordings are transfers. */
export function legTypeOf(call: Call, { inbound, legCount }: CallScenario, index: number): string {
  if (index >= legCount) return "TransferCall";
  if (call.fax) return faxLegTypes[wayOf(inbound)];
  return dealtOrUsual(`leg type ${index}`, index === 0 ? "Accept" : "TransferCall", legTypes, call.turn);
}

export const rareEvery = 8;

/** True if this call has the property that one in `rareEvery` has. */
export function hasRare(name: string, { turn }: Pick<Call, "turn">): boolean {
  return isTurn(name, rareEvery, turn);
}

function wayOf(inbound: boolean): "inbound" | "outbound" {
  return inbound ? "inbound" : "outbound";
}
