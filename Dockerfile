# The service and nothing else: Node, its libraries, production dependencies, api/. No shell, no npm, no package manager.
# Builds with the classic builder and with BuildKit.
#
#   docker build --build-arg VERSION=1.4.0 --build-arg REVISION=$(git rev-parse HEAD) -t sample-api:1.4.0 .

# The same Node that runs the tests (package.json, devDependencies.node). The digest is the index of all its
# platforms. Name a mirror or a local base here; it must bring node, npm and glibc.
ARG NODE_IMAGE=node:26.10.0-bookworm-slim@sha256:662933cf47f013bc8e4beb31a6116448427a82057ba7c42c97e4c5ba766504c2

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No install scripts: no production dependency has one that it needs.
RUN npm ci --omit=dev --ignore-scripts
COPY api ./api
# What packages bring along for their own development.
RUN find node_modules -type d \( -name test -o -name tests -o -name testing -o -name specs -o -name example -o -name examples -o -name .github \) -prune -exec rm -rf {} + \
 && find node_modules -type f \( -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.map' -o -name '*.md' -o -name '*.test.js' -o -name test.js -o -name tests.js \) -delete
# Node is linked against glibc: the final image gets the binary, the libraries it names and what resolving a
# host name reads (root certificates are inside Node). Links are followed, so nothing points outside.
RUN set -eu; \
    node=$(command -v node); \
    mkdir -p /rootfs/usr/bin /rootfs/etc /rootfs/tmp; \
    cp -L "$node" /rootfs/usr/bin/node; \
    ldd "$node" | grep -o '/[^ ]*' | while read -r library; do \
      mkdir -p "/rootfs$(dirname "$library")"; cp -L "$library" "/rootfs$library"; \
    done; \
    echo 'nonroot:x:65532:65532:nonroot:/:/nonexistent' > /rootfs/etc/passwd; \
    echo 'nonroot:x:65532:' > /rootfs/etc/group; \
    echo 'hosts: files dns' > /rootfs/etc/nsswitch.conf; \
    chmod 1777 /rootfs/tmp
# Compiled once here, types stripped, instead of at every start of every pod (about 100 ms). Node keeps one such
# cache a user, so this runs as the user of the final image, where the cache is only read.
RUN mkdir compile-cache && chown 65532:65532 compile-cache
USER 65532:65532
ENV NODE_COMPILE_CACHE=/app/compile-cache
RUN LOG_LEVEL=silent node -e "setTimeout(() => process.kill(process.pid, 'SIGINT'), 1000); import('/app/api/main.ts')" \
 && for backend in redis postgres http; do node -e "import('/app/api/backends/$backend.ts')"; done

FROM scratch
COPY --from=build /rootfs/ /
COPY --from=build /app/node_modules /app/node_modules
COPY --from=build /app/package.json /app/
COPY --from=build /app/compile-cache /app/compile-cache
COPY --from=build /app/api /app/api
WORKDIR /app
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="sample-api" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/usr/bin NODE_ENV=production NODE_COMPILE_CACHE=/app/compile-cache VERSION="${VERSION}" REVISION="${REVISION}"
EXPOSE 8080
# A number: Kubernetes cannot prove of a name that it is not root (runAsNonRoot).
USER 65532:65532
# Exec form: node is PID 1 and gets the signals itself.
CMD ["node", "api/main.ts"]
