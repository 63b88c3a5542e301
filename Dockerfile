# Central Sign-On for production. Our code has no build; the first two stages only fetch packages and
# generate the database client. See docs/operate.md.
#
# Writes nothing while it runs (with PostgreSQL): --read-only works, with a tmpfs on /tmp.

# The Node that package.json carries for development, so that both are one version.
ARG NODE_IMAGE=node:24.21.0-slim

# The database client, made by a development dependency.
FROM ${NODE_IMAGE} AS client
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY prisma.config.ts ./
COPY scripts ./scripts
COPY prisma ./prisma
RUN npm run db:generate

# What runs. Without the development dependencies in the manifest npm does not keep those of them that
# a package names as an optional peer (Prisma's command line and all it brings): 166 MB, not 427.
# The Node that the repository carries is left out: the image has its own.
FROM ${NODE_IMAGE} AS packages
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm pkg delete devDependencies \
  && npm install --package-lock-only --ignore-scripts --no-audit --no-fund \
  && npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM ${NODE_IMAGE}
ENV NODE_ENV=production \
  NODE_OPTIONS="--disable-proto=throw --disable-warning=ExperimentalWarning --max-semi-space-size=16" \
  CSO_ENVIRONMENT=production \
  CSO_HOST=0.0.0.0 \
  CSO_PORT=3000
WORKDIR /app
COPY --from=packages /build/package.json ./
COPY --from=packages /build/node_modules ./node_modules
COPY prisma/migrations ./prisma/migrations
COPY src ./src
COPY --from=client /build/src/storage/generated ./src/storage/generated
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.CSO_PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "src/main.ts"]
