// What a sandbox's /tmp is like when it has a limit: we may not mount a small disk, so writing is looked at instead.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";

/**
 * Lets whatever writes to a file in `folder` fail, as on a full disk, where the folder would then hold more than
 * `limitBytes()`. Copying and renaming never fail, nor does writing to a file that was removed while it is open.
 * @param {string} folder
 * @param {() => number} limitBytes
 */
export async function limitStorage(folder, limitBytes) {
  const { writeSync, writevSync, writeFileSync } = fs;
  const requireRoom = (fd, bytes) => {
    const { dev, ino } = fs.fstatSync(fd);
    const files = filesIn(folder);
    if (bytes === 0 || !files.some((file) => file.dev === dev && file.ino === ino)) return;
    if (files.reduce((held, { size }) => held + size, bytes) > limitBytes()) throw noSpaceLeft();
  };
  fs.writeSync = (fd, data, ...where) => {
    requireRoom(fd, bytesOf(data, ...where));
    return writeSync(fd, data, ...where);
  };
  fs.writevSync = (fd, buffers, position) => {
    requireRoom(
      fd,
      buffers.reduce((bytes, { byteLength }) => bytes + byteLength, 0),
    );
    return writevSync(fd, buffers, position);
  };
  // A string would be written past fs.writeSync.
  fs.writeFileSync = (file, data, options) =>
    writeFileSync(file, typeof data === "string" ? Buffer.from(data, encodingOf(options)) : data, options);
  writeWithCallbacks();
  await writeWithPromises();
  syncBuiltinESMExports();
}

/** Synchronous, because nothing may be written between measuring the folder and writing. All other functions use these. */
function writeWithCallbacks() {
  const later = (callback, data, write) => {
    try {
      setImmediate(callback, null, write(), data);
    } catch (error) {
      setImmediate(callback, error, 0, data);
    }
  };
  fs.write = (fd, data, ...rest) => {
    const callback = rest.pop();
    later(callback, data, () => fs.writeSync(fd, data, ...rest));
  };
  fs.writev = (fd, buffers, ...rest) => {
    const callback = rest.pop();
    later(callback, buffers, () => fs.writevSync(fd, buffers, ...rest));
  };
}

async function writeWithPromises() {
  await using handle = await fs.promises.open(import.meta.filename);
  const FileHandle = handle.constructor;
  Object.assign(FileHandle.prototype, {
    async write(data, ...where) {
      return { bytesWritten: fs.writeSync(this.fd, data, ...where), buffer: data };
    },
    async writev(buffers, position) {
      return { bytesWritten: fs.writevSync(this.fd, buffers, position), buffers };
    },
    writeFile(data, options) {
      return writeAll(this, data, encodingOf(options));
    },
    appendFile(data, options) {
      return writeAll(this, data, encodingOf(options));
    },
  });
  const writeTo = (usualFlag) => async (file, data, options) => {
    if (file instanceof FileHandle) return file.writeFile(data, options);
    await using opened = await fs.promises.open(file, options?.flag ?? usualFlag, options?.mode);
    await opened.writeFile(data, options);
  };
  fs.promises.writeFile = writeTo("w");
  fs.promises.appendFile = writeTo("a");
}

async function writeAll(handle, data, encoding) {
  const pieces = typeof data === "string" || ArrayBuffer.isView(data) ? [data] : data;
  for await (const piece of pieces) {
    const bytes = typeof piece === "string" ? Buffer.from(piece, encoding) : piece;
    for (let at = 0; at < bytes.byteLength; ) at += (await handle.write(bytes, at)).bytesWritten;
  }
}

/** Returns the bytes that `write(fd, buffer, offset, length)` and its other signatures write. */
function bytesOf(data, place, size) {
  if (typeof data === "string") return Buffer.byteLength(data, size);
  const { offset, length } = typeof place === "object" && place !== null ? place : { offset: place, length: size };
  return length ?? data.byteLength - (offset ?? 0);
}

function encodingOf(options) {
  return (typeof options === "string" ? options : options?.encoding) ?? "utf8";
}

function filesIn(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => fs.statSync(join(parentPath, name), { throwIfNoEntry: false }))
    .filter((file) => file !== undefined);
}

/** Creates the error of write(2), without a path. Its number is the same on Linux and macOS. */
function noSpaceLeft() {
  const error = new Error("ENOSPC: no space left on device, write");
  return Object.assign(error, { errno: -28, code: "ENOSPC", syscall: "write" });
}
