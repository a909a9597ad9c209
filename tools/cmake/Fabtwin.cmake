# How a module of fabtwin is built: one static library from its sources, one test program from its *.test.cpp.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)

add_library(fabtwin_options INTERFACE)
target_compile_options(fabtwin_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -Wcast-align -Woverloaded-virtual -Wdouble-promotion -Wformat=2 -Werror
  # Bits: no contraction of a*b+c, so that results do not depend on the CPU the compiler was told about.
  -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports false positives in the standard library's own code under -O3 (GCC bugs 105329, 107852).
  target_compile_options(fabtwin_options INTERFACE -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds
    -Wno-maybe-uninitialized)
  if(FABTWIN_HOT OR CMAKE_CXX_FLAGS_RELEASE MATCHES "-O3")  # and these two where it inlines a vector's growth
    target_compile_options(fabtwin_options INTERFACE -Wno-stringop-overread -Wno-free-nonheap-object)
  endif()
  # The compiler's own garbage collection below this size costs 7 % of its time (docs/decisions/0020). KiB.
  target_compile_options(fabtwin_options INTERFACE --param=ggc-min-heapsize=1048576)
endif()
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Several files in one compilation (docs/decisions/0020): GCC takes all but that one's name for headers.
  target_compile_options(fabtwin_options INTERFACE -Wno-subobject-linkage)
endif()
target_include_directories(fabtwin_options INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
target_link_libraries(fabtwin_options INTERFACE Threads::Threads fmt::fmt)
if(FABTWIN_SANITIZE)
  target_compile_options(fabtwin_options INTERFACE -fsanitize=${FABTWIN_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(fabtwin_options INTERFACE -fsanitize=${FABTWIN_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND FABTWIN_SANITIZE MATCHES "thread")
    target_compile_options(fabtwin_options INTERFACE -Wno-tsan)  # Boost.Asio has a fence, which it does not follow
  endif()
endif()
if(FABTWIN_COVERAGE)
  target_compile_options(fabtwin_options INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(fabtwin_options INTERFACE --coverage)
endif()

if(FABTWIN_TESTS)
  enable_testing()
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()

# fabtwin_tests(NAME SOURCES ... LINKS ... [LABELS ...] [TIMEOUT s]): a test program whose tests ctest finds one by one.
# The label `long` keeps them out of ./test; ./test --full runs them.
function(fabtwin_tests name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
  if(NOT FABTWIN_TESTS OR NOT arg_SOURCES)
    return()
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 600)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINKS} fabtwin_options GTest::gtest GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 120 WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
endfunction()

function(fabtwin_library name folder)
  cmake_parse_arguments(arg "" "" "LINKS;USES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  file(GLOB_RECURSE tests CONFIGURE_DEPENDS ${folder}/*.test.cpp)
  list(FILTER sources EXCLUDE REGEX "\\.(test|bench)\\.cpp$")
  set(links ${arg_USES})
  foreach(l IN LISTS arg_LINKS)
    list(APPEND links twin_${l})
  endforeach()
  if(sources)
    set(when)
    if(FABTWIN_FUZZ)  # clang builds what the fuzz targets link, no more
      set(when EXCLUDE_FROM_ALL)
    endif()
    add_library(${name} STATIC ${when} ${sources})
    target_link_libraries(${name} PUBLIC fabtwin_options ${links})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE fabtwin_options ${links})
  endif()
  fabtwin_tests(${name}_tests SOURCES ${tests} LINKS ${name} twin_contract)
endfunction()

# A module of the engine: src/twin/NAME -> target twin_NAME. LINKS other modules, USES libraries from outside.
function(fabtwin_module name)
  fabtwin_library(twin_${name} ${CMAKE_SOURCE_DIR}/src/twin/${name} ${ARGN})
endfunction()

# A twin: twins/NAME -> target twins_NAME.
function(fabtwin_twin name)
  fabtwin_library(twins_${name} ${CMAKE_SOURCE_DIR}/twins/${name} ${ARGN})
endfunction()

# fabtwin_hot(TARGET [SOURCE...]): where FABTWIN_HOT is on, the target, or these of its sources alone, are compiled
# under -O3. It costs a quarter more time to build than -O2 and pays only in inner loops (docs/decisions/0020).
function(fabtwin_hot target)
  if(NOT FABTWIN_HOT)
    return()
  endif()
  if(ARGN)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS "-O3")
  else()
    target_compile_options(${target} PRIVATE -O3)
  endif()
endfunction()

# fabtwin_cold(TARGET...): a release compiles these, and the tests of each, under -O1: a quarter less time to build
# (docs/decisions/0020). For what waits for people, files and sockets; not for what computes.
function(fabtwin_cold)
  foreach(target IN LISTS ARGN)
    foreach(t IN ITEMS ${target} ${target}_tests)
      if(TARGET ${t})
        target_compile_options(${t} PRIVATE $<$<CONFIG:Release>:-O1>)
      endif()
    endforeach()
  endforeach()
endfunction()

# fabtwin_instruction_sets(TARGET FOLDER): on x86-64, FOLDER/kernel_avx2.cpp and kernel_avx512.cpp are compiled for
# those instructions, which the program asks the CPU for before it calls them. Everything else stays at the baseline.
function(fabtwin_instruction_sets target folder)
  if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$" OR NOT CMAKE_SIZEOF_VOID_P EQUAL 8)
    return()
  endif()
  target_compile_definitions(${target} PUBLIC TWIN_LETKF_X86)
  set_source_files_properties(${folder}/kernel_avx2.cpp PROPERTIES COMPILE_OPTIONS "-O3;-mavx2;-mfma")
  set_source_files_properties(${folder}/kernel_avx512.cpp PROPERTIES
    COMPILE_OPTIONS "-O3;-mavx512f;-mfma;-mprefer-vector-width=512")
  set_source_files_properties(${folder}/kernel_portable.cpp PROPERTIES COMPILE_OPTIONS "-O3")
endfunction()
