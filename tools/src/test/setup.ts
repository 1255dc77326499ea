import 'reflect-metadata';

// Tests that depend on the zone of the machine pass on one laptop and fail on another.
process.env['TZ'] = 'UTC';
