import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { archiveBucket } from "../../../lab/demo/cloud.ts";
import type { World } from "../../../lab/demo/world.ts";

/** A file beside this one. */
export type Peer = "rc-ex" | "ringcentral-sdk";

export interface PeerRun {
  /** Of its process, from start to end. */
  readonly wallMs: number;
  /** 0, unless it died before its end. */
  readonly exitCode: number | null;
}

const labTime = new URL("../../../lab/lambda/runtime-date.mjs", import.meta.url);

/** Runs a peer that archives one day in its own process, in the lab's time like Nightshift's functions. */
export async function runPeer(peer: Peer, world: World, date: string): Promise<PeerRun> {
  const preload = `import { runDateAhead } from "${labTime}"; runDateAhead(() => ${world.clock.offsetMs()});`;
  const args = ["--import", `data:text/javascript,${encodeURIComponent(preload)}`, scriptOf(peer)];
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, {
    env: environment(world, date),
    stdio: ["ignore", "ignore", "inherit"],
  });
  await once(child, "exit");
  return { wallMs: performance.now() - startedMs, exitCode: child.exitCode };
}

export function scriptOf(peer: Peer): string {
  return join(import.meta.dirname, `${peer}.ts`);
}

/** Returns RingCentral's part of the environment, with the names of its own code samples. */
function environment({ ringCentral, aws, dir }: World, date: string): Record<string, string> {
  const { server, clientId, clientSecret, jwt } = ringCentral.credential;
  const { from = "", to = "" } = ringCentral.truth(date).days[date] ?? {};
  return {
    HOME: dir,
    RC_SERVER_URL: server,
    RC_APP_CLIENT_ID: clientId,
    RC_APP_CLIENT_SECRET: clientSecret,
    RC_USER_JWT: jwt,
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "lab",
    AWS_SECRET_ACCESS_KEY: "lab",
    BUCKET: archiveBucket,
    DATE_FROM: from,
    DATE_TO: to,
  };
}
