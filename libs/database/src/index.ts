export { connect, type DatabaseOptions, type Tx } from './database.ts';
export { observeStatements, one, sql, type NamedStatement, type StatementObserver } from './sql.ts';
export { afterCommit, attemptOf, inOnePacket, inTransaction, isOutage, send, TryAgain } from './transaction.ts';
export { migrate, readMigrations, fingerprint, type Migration } from './migrate.ts';
export { stopLeading, tryLead, type Leadership } from './advisory-lock.ts';
