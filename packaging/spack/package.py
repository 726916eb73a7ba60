"""For a repository of one's own: copy this file to packages/noisetrap/package.py there, and then, in a clone,
spack dev-build noisetrap@0.2.0
"""

from spack.package import *


class Noisetrap(CMakePackage):
    """How noise traps gradient descent at saddle points: Monte-Carlo paths beside exact answers."""

    license("MIT")

    version("0.2.0")

    variant("cuda", default=False, description="Step paths on GPUs of NVIDIA")
    variant("mpi", default=False, description="Share runs between the processes of mpirun")

    depends_on("c", type="build")
    depends_on("cxx", type=("build", "run"))  # kernels that are not built in are compiled when they are asked for
    depends_on("cmake@3.25:", type="build")
    depends_on("boost@1.74:")
    depends_on("eigen@3.4:")
    depends_on("fmt")
    depends_on("tomlplusplus")
    depends_on("cli11")
    depends_on("nlohmann-json")
    depends_on("xxhash")
    depends_on("zlib-api")
    depends_on("hdf5+hl~mpi")
    depends_on("cuda", when="+cuda")
    depends_on("thrust", when="~cuda")
    depends_on("mpi", when="+mpi")
    depends_on("python@3.11:", type="run")
    depends_on("py-matplotlib", type="run")
    depends_on("py-numpy", type="run")
    depends_on("py-jinja2", type="run")

    def cmake_args(self):
        return [
            self.define_from_variant("NOISETRAP_CUDA", "cuda"),
            self.define_from_variant("NOISETRAP_MPI", "mpi"),
            self.define("NOISETRAP_TESTS", False),
            self.define("NOISETRAP_PYTHON", False),
        ]
