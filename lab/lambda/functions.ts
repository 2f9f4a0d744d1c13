import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Refusal } from "./aws-response.ts";
import { type DeployedFunction, deployFunction } from "./deployed-function.ts";
import type { FunctionName } from "./function-name.ts";
import { type FunctionSettings, publish } from "./function-settings.ts";
import type { ServiceContext } from "./service-context.ts";

/** All versions of all functions. */
export interface Functions {
  readonly deploy: (settings: FunctionSettings) => void;
  /** Returns the version that a caller names. Refuses an unknown one. */
  readonly find: (name: FunctionName) => DeployedFunction;
  /** Every version ever deployed, of one function or of all. */
  readonly versions: (name?: string) => readonly DeployedFunction[];
}

/** Creates the register of functions. */
export function createFunctions(context: ServiceContext): Functions {
  const deployed: DeployedFunction[] = [];
  const versions = (name?: string) => deployed.filter((fn) => name === undefined || fn.settings.name === name);
  return {
    deploy: (settings) => {
      const fn = publish({ ...settings, dir: resolve(settings.dir) }, versions(settings.name).length + 1);
      const file = join(fn.dir, `${fn.handler.split(".")[0]}.mjs`);
      if (!existsSync(file)) throw new Error(`${fn.name} cannot be deployed: there is no ${file}.`);
      deployed.push(deployFunction(fn, context));
    },
    find: ({ name, qualifier }) => {
      const all = versions(name);
      const latest = all.at(-1);
      const moving = qualifier === undefined || qualifier === "$LATEST" || qualifier === latest?.settings.alias;
      const fn = moving ? latest : all.find((version) => version.settings.version === qualifier);
      if (!fn) throw notFound(qualifier === undefined ? name : `${name}:${qualifier}`);
      return fn;
    },
    versions,
  };
}

/** Creates the refusal of a request for an unknown function. */
export function notFound(name: string): Refusal {
  const arn = `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
  return new Refusal(404, "ResourceNotFoundException", `Function not found: ${arn}`);
}
