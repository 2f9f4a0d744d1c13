import { signedText } from "../../../shared/core/ledger.ts";
import { aggregateKeys, archiveKeys } from "../../../shared/core/object-keys.ts";
import { account, type TestArchive } from "./archive-lab.ts";
import { fourth, second, third } from "./sample-archive.ts";
import { tamperWith } from "./tamper.ts";

/** What an attacker does who knows how everything is connected. */
type Forgery = (lab: TestArchive) => Promise<void>;

/** Signs an entry's text; undefined: the entry keeps its signature. */
type Resign = (text: string) => Promise<string | undefined>;

/** Changes one recording and everything that references it, up to the newest entry. */
export async function rewriteAll(lab: TestArchive, resign: Resign = async () => undefined): Promise<void> {
  const tamper = tamperWith(lab);
  const forged = await tamper.forgeRecording(second, "21", "another talk");
  for (const number of [2, 3]) {
    const { signature, manifests, ...rest } = await tamper.entry(number);
    const forgedManifests = manifests.map((each) => (number === 2 && each.day === second ? forged : each));
    await tamper.forge({ ...rest, manifests: forgedManifests });
    const linked = await tamper.entry(number);
    const kept = (await resign(signedText(linked))) ?? signature;
    await tamper.forge({ ...linked, ...(kept !== undefined && { signature: kept }) });
  }
}

/** Undoes the third night: its entry, and all the objects that this contains. */
export const cutOffNewest: Forgery = async (lab) => {
  const { remove, restore } = tamperWith(lab);
  const { manifest, ledgerEntry } = aggregateKeys.calls;
  await restore(manifest(account, third));
  const ofFourth = [manifest(account, fourth), archiveKeys.calls(account, fourth), archiveKeys.csv(account, fourth)];
  for (const key of [ledgerEntry(account, 3), ...ofFourth]) await remove(key);
};

/** Changes the newest entry, with nothing after it. */
export const changeNewest: Forgery = async (lab) => {
  const tamper = tamperWith(lab);
  await tamper.forge({ ...(await tamper.entry(3)), run: "nobody's" });
};

/** Changes a recording and its manifest, and appends an entry for it. */
export const appendEntry: Forgery = async (lab) => {
  const tamper = tamperWith(lab);
  const { revision, ...forged } = await tamper.forgeRecording(second, "21", "another talk");
  await tamper.forge({ ...(await tamper.entry(3)), number: 4, manifests: [{ ...forged, revision: revision + 1 }] });
};
