// Comes before everything else that is imported: libraries read these when they are loaded.

/** Whether people may explore the graph here: introspection, suggestions, the playground, no rate limits. Yes, unless in production. */
process.env.PLAYGROUND ??= process.env.NODE_ENV === 'production' ? 'off' : 'on';
// Outside of it graphql-js checks every type for a second copy of itself, which costs a third of its speed.
process.env.NODE_ENV = 'production';
// Apollo's gateway would report its use to Apollo over the network.
process.env.APOLLO_TELEMETRY_DISABLED = 'true';
