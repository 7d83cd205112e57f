# One program, two images:
#   --target gpu  (default) on CUDA 12 and cuDNN 9, with onnxruntime's CUDA provider; runs on the CPU where there is no GPU.
#                 --build-arg ORT=cpu leaves the provider out.
#   --target cpu  on plain Debian, a fraction of the size.
# `--target sbom-gpu` and `--target sbom-cpu` with `--output DIR` give the list of what is in each (CycloneDX) without the image.
# Nothing here needs BuildKit: buildah builds it too, and test/image does so. What the two images have in common is written twice at the
# end, because a Dockerfile has no other way that every builder takes; test/image compares them.

# Each digest pins its tag; empty = whatever the tag names. deploy/README.md has the command that renews them.
ARG NODE_IMAGE=docker.io/library/node:24-trixie-slim
ARG NODE_DIGEST=@sha256:8ec5d7557396cfe32d21c3f9c13072355ceab22b584578ca4bb28af31120cffe
ARG CPU_IMAGE=docker.io/library/debian:trixie-slim
ARG CPU_DIGEST=@sha256:a29215f6a35e51e22adffa17f89e9d2ef06214e64a2bad10d765c46aea49f11f
ARG CUDA_IMAGE=docker.io/nvidia/cuda:12.9.1-cudnn-runtime-ubuntu24.04
ARG CUDA_DIGEST=@sha256:d02c4310b6d57ca0b16cd80298bdb33a74187baafe2eccd8a6a16180ddc90802

FROM ${NODE_IMAGE}${NODE_DIGEST} AS node
ENV NPM_CONFIG_UPDATE_NOTIFIER=false

# The program and the page.
FROM node AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY deploy/without-cuda ./deploy/without-cuda
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY function ./function
COPY spa ./spa
RUN npm run -s build

# What the program needs to run, for this platform only: no install script runs, and ffmpeg is the distribution's.
FROM node AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY deploy/without-cuda ./deploy/without-cuda
RUN npm ci --omit=dev --ignore-scripts \
 && rm -rf node_modules/ffmpeg-static \
 && npm pkg delete devDependencies optionalDependencies \
 && npm sbom --omit=dev --sbom-format=cyclonedx > /npm.cdx.json \
 && cd node_modules/onnxruntime-node/bin/napi-v6 \
 && find . -mindepth 2 -maxdepth 2 ! -path "./linux/$(node -p process.arch)" -exec rm -r {} +

# onnxruntime's own script fetches its CUDA provider (x64 only), which is too large for the npm registry.
FROM dependencies AS dependencies-gpu
ARG ORT=cuda12
RUN if [ "$ORT" = cuda12 ]; then \
      node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12 \
      && rm node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_tensorrt.so; \
    else [ "$ORT" = cpu ]; fi

# The models, checked against the manifest; in a layer of their own, which a change of the program leaves alone.
FROM node AS models
WORKDIR /models
COPY models/manifest.json models/*.onnx models/*.weights models/README.md ./
RUN node -p "require('./manifest.json').files.flatMap(({ weights = [], ...graph }) => [graph, ...weights]).map(({ sha256, file }) => sha256 + '  ' + file).join('\n')" | sha256sum --check --strict

FROM ${CPU_IMAGE}${CPU_DIGEST} AS system-cpu
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY deploy/image/prepare-system.sh /tmp/
RUN sh /tmp/prepare-system.sh && rm /tmp/prepare-system.sh

FROM ${CUDA_IMAGE}${CUDA_DIGEST} AS system-gpu
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY deploy/image/prepare-system.sh /tmp/
RUN sh /tmp/prepare-system.sh && rm /tmp/prepare-system.sh

FROM system-cpu AS sbom-of-cpu
WORKDIR /sbom
COPY --from=dependencies /npm.cdx.json ./
COPY models/manifest.json deploy/image/write-sbom.mjs ./
RUN node write-sbom.mjs > unmask.cdx.json
FROM scratch AS sbom-cpu
COPY --from=sbom-of-cpu /sbom/unmask.cdx.json /

FROM system-gpu AS sbom-of-gpu
WORKDIR /sbom
COPY --from=dependencies /npm.cdx.json ./
COPY models/manifest.json deploy/image/write-sbom.mjs ./
RUN node write-sbom.mjs > unmask.cdx.json
FROM scratch AS sbom-gpu
COPY --from=sbom-of-gpu /sbom/unmask.cdx.json /

FROM system-cpu AS cpu
WORKDIR /app
COPY --from=models /models ./models
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=sbom-of-cpu /sbom/unmask.cdx.json /usr/share/unmask/
COPY package.json LICENSE ./
COPY --from=build /app/dist ./dist
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Unmask" \
      org.opencontainers.image.description="An honest deepfake video detector: page, API and command line; for CPUs" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 FFMPEG_PATH=/usr/bin/ffmpeg UNMASK_DATA=/data
USER 10001:10001
EXPOSE 8080
# Alive, which is less than ready: whoever sends requests here asks /readyz.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# tini passes signals on, and reaps decoders whose parent was killed.
ENTRYPOINT ["/usr/bin/tini", "--", "unmask"]
CMD ["serve"]

FROM system-gpu AS gpu
WORKDIR /app
COPY --from=models /models ./models
COPY --from=dependencies-gpu /app/node_modules ./node_modules
# The base has every library that the provider asks for but the driver's: a provider for another CUDA fails here and not at the first start.
RUN cd node_modules/onnxruntime-node/bin/napi-v6/linux/x64 \
 && if [ -e libonnxruntime_providers_cuda.so ]; then \
      ! ldd libonnxruntime_providers_cuda.so | grep 'not found' | grep -v 'libcuda\.so\.1'; \
    fi
COPY --from=sbom-of-gpu /sbom/unmask.cdx.json /usr/share/unmask/
COPY package.json LICENSE ./
COPY --from=build /app/dist ./dist
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Unmask" \
      org.opencontainers.image.description="An honest deepfake video detector: page, API and command line; for NVIDIA GPUs and CPUs" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 FFMPEG_PATH=/usr/bin/ffmpeg UNMASK_DATA=/data
# The driver's video decoder (NVDEC) is put into a container only where it is asked for.
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility,video
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/usr/bin/tini", "--", "unmask"]
CMD ["serve"]
