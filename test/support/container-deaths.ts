let hasDied = false;

export function noteContainerDeath(): void {
  hasDied = true;
}

/** Whether a container has died since this was last asked: what its spools held in memory, nobody gives back. */
export function takeContainerDeaths(): boolean {
  const died = hasDied;
  hasDied = false;
  return died;
}
