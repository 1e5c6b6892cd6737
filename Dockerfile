# One image for both roles; ROLES says which a container is. Built and tested outside of it: see README.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY .swcrc tsconfig.json ./
COPY src src
COPY scripts scripts
RUN npm run build

FROM node:22-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:22-bookworm-slim
ENV NODE_ENV=production ROLES=web PORT=3000 MALLOC_ARENA_MAX=2
WORKDIR /app
# The radar chart's picture has figures in it, and the slim image no font.
RUN apt-get update && apt-get install -y --no-install-recommends fontconfig-config fonts-dejavu-core && rm -rf /var/lib/apt/lists/*
COPY package.json ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
# Owned by root, run by somebody who can write nowhere.
USER node
EXPOSE 3000
# For the web role; the worker has no port, and its container says so.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# No shell and no npm in between: SIGTERM reaches the process, which then ends its requests and jobs.
CMD ["node", "--max-semi-space-size=8", "--enable-source-maps", "dist/src/main.js"]
