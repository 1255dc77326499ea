/**
 * Loaded into every service before its own code (`node --require`): when the supervisor is gone, however it went, the service drains and
 * ends as on SIGTERM. So a killed supervisor leaves no service behind.
 */
const DRAIN_MS = 8_000;

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), DRAIN_MS).unref();
});
// The channel alone must not keep a service alive that wants to end.
process.channel?.unref();
