import { bodyOf } from "./body-of.ts";
import { documentedRefusal } from "./documented-refusal.ts";
import { endlessJson, trickling } from "./endless-media.ts";
import type { EndpointName } from "./endpoint.ts";
import { apiError } from "./errors.ts";
import type { LateEffect, StatusFault } from "./faults.ts";
import type { LabResponse } from "./lab-response.ts";

/** How a response is sent. */
export type Delivery = "whole" | "never" | "drop" | "stall" | "cut" | "short chunked" | "short declared";

export interface CorruptedResponse {
  readonly response: LabResponse;
  readonly delivery: Delivery;
}

/** True if the fault replaces the endpoint's work, so that nothing is done. */
export function replacesWork(fault: LateEffect | undefined): boolean {
  if (typeof fault === "object") return "status" in fault || "redirect" in fault;
  return fault !== undefined && ["drop", "slowHeaders", "jsonAsAudio", "endless"].includes(fault);
}

/** Applies a fault to a response. */
export function corruptResponse(
  response: LabResponse,
  fault: LateEffect | undefined,
  endpoint: EndpointName,
): CorruptedResponse {
  const whole = (corrupted: LabResponse): CorruptedResponse => ({ response: corrupted, delivery: "whole" });
  switch (fault) {
    case undefined:
      return whole(response);
    case "drop":
    case "lostResponse":
      return { response, delivery: "drop" };
    case "slowHeaders":
      return { response, delivery: "never" };
    case "stall":
    case "cut":
      return { response, delivery: fault };
    case "jsonAsAudio":
      return whole({ ...apiError(200, "CMN-201", "Service temporary unavailable"), status: 200 });
    case "endless":
      return whole({ status: 200, media: endlessJson });
    case "trickle":
      return whole(trickled(response, 1_000));
  }
  if ("trickle" in fault) return whole(trickled(response, fault.trickle.everyMs));
  if ("wrongLength" in fault) return { response, delivery: `short ${fault.wrongLength}` };
  if ("redirect" in fault) return whole({ status: fault.status ?? 302, headers: { location: fault.redirect } });
  if ("nulls" in fault) return whole({ ...response, json: withMembers(response.json, fault.nulls, null) });
  if ("lacks" in fault) return whole({ ...response, json: withMembers(response.json, fault.lacks, undefined) });
  if ("hostileNextPage" in fault) return whole(withNextPage(response, fault.hostileNextPage));
  return whole(statusResponse(fault, endpoint));
}

function statusResponse({ status, body, headers }: StatusFault, endpoint: EndpointName): LabResponse {
  const usual = documentedRefusal(status, endpoint);
  return { status, json: body ?? usual.json, headers: { ...usual.headers, ...headers } };
}

function trickled({ json, ...response }: LabResponse, everyMs: number): LabResponse {
  return { ...response, media: trickling(bodyOf({ ...response, json }), everyMs) };
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

function withNextPage(response: LabResponse, uri: string): LabResponse {
  const page = response.json as { readonly navigation?: object };
  return { ...response, json: { ...page, navigation: { ...page.navigation, nextPage: { uri } } } };
}
