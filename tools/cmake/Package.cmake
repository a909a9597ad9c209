# `cmake --install build/release` puts the program, its man page, its unit and the example fab in place; `cpack` in
# build/release makes a Debian package of the same.
include(GNUInstallDirs)
install(FILES packaging/fabtwin@.service DESTINATION lib/systemd/system)
install(FILES packaging/fabtwin.sysusers DESTINATION lib/sysusers.d RENAME fabtwin.conf)
install(DIRECTORY data/example-fab data/example-site DESTINATION ${CMAKE_INSTALL_DATADIR}/fabtwin)
install(FILES LICENSE README.md CHANGELOG.md TYPE DOC)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME fabtwin)
set(CPACK_PACKAGE_CONTACT "the fabtwin project")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "live digital twin of a wafer fab")
set(CPACK_PACKAGE_DESCRIPTION "A live, uncertain model of a wafer fab that is kept in step with the real one,
looks ahead with intervals, proposes what to do next and measures what it brought.
With a window for browsers, an API, a guard between approvals and tools, and a
plant to try it on.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "mosquitto")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/packaging/postinst)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
include(CPack)
