export function startSweeper(_db: unknown, _log: unknown, _o: { everySeconds: number }) {
  return { async stop() {} }
}
