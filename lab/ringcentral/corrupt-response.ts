import type { Answer } from "./answer.ts";
import { bodyOf } from "./body-of.ts";
import { documentedRefusal } from "./documented-refusal.ts";
import { endlessJson, trickling } from "./endless-media.ts";
import type { EndpointName } from "./endpoint.ts";
import { apiError } from "./errors.ts";
import type { LateEffect, StatusFault } from "./faults.ts";

/** How a response is sent. */
export type Delivery = "whole" | "never" | "drop" | "stall" | "cut" | "short chunked" | "short declared";

export interface CorruptedResponse {
  readonly answer: Answer;
  readonly delivery: Delivery;
}

/** True if the fault replaces the endpoint's work, so that nothing is done. */
export function replacesWork(fault: LateEffect | undefined): boolean {
  if (typeof fault === "object") return "status" in fault || "redirect" in fault;
  return fault !== undefined && ["drop", "slowHeaders", "jsonAsAudio", "endless"].includes(fault);
}

/** Applies a fault to a response. */
export function corruptResponse(
  answer: Answer,
  fault: LateEffect | undefined,
  endpoint: EndpointName,
): CorruptedResponse {
  const whole = (corrupted: Answer): CorruptedResponse => ({ answer: corrupted, delivery: "whole" });
  switch (fault) {
    case undefined:
      return whole(answer);
    case "drop":
    case "lostAnswer":
      return { answer, delivery: "drop" };
    case "slowHeaders":
      return { answer, delivery: "never" };
    case "stall":
    case "cut":
      return { answer, delivery: fault };
    case "jsonAsAudio":
      return whole({ ...apiError(200, "CMN-201", "Service temporary unavailable"), status: 200 });
    case "endless":
      return whole({ status: 200, media: endlessJson });
    case "trickle":
      return whole(trickled(answer, 1_000));
  }
  if ("trickle" in fault) return whole(trickled(answer, fault.trickle.everyMs));
  if ("wrongLength" in fault) return { answer, delivery: `short ${fault.wrongLength}` };
  if ("redirect" in fault) return whole({ status: fault.status ?? 302, headers: { location: fault.redirect } });
  if ("nulls" in fault) return whole({ ...answer, json: withMembers(answer.json, fault.nulls, null) });
  if ("lacks" in fault) return whole({ ...answer, json: withMembers(answer.json, fault.lacks, undefined) });
  if ("hostileNextPage" in fault) return whole(withNextPage(answer, fault.hostileNextPage));
  return whole(statusAnswer(fault, endpoint));
}

function statusAnswer({ status, body, headers }: StatusFault, endpoint: EndpointName): Answer {
  const usual = documentedRefusal(status, endpoint);
  return { status, json: body ?? usual.json, headers: { ...usual.headers, ...headers } };
}

function trickled({ json, ...answer }: Answer, everyMs: number): Answer {
  return { ...answer, media: trickling(bodyOf({ ...answer, json }), everyMs) };
}

/** Returns the JSON with null at each path, or without the member. Paths whose parent does not exist are ignored. */
function withMembers(json: unknown, paths: readonly string[], value: null | undefined): unknown {
  const copy = structuredClone(json);
  for (const path of paths) {
    const names = path.split(".");
    const last = names.pop() ?? "";
    const holder = names.reduce<unknown>((at, name) => Object(at)[name], copy);
    if (typeof holder === "object" && holder !== null) Object.assign(holder, { [last]: value });
  }
  return copy;
}

function withNextPage(answer: Answer, uri: string): Answer {
  const page = answer.json as { readonly navigation?: object };
  return { ...answer, json: { ...page, navigation: { ...page.navigation, nextPage: { uri } } } };
}
