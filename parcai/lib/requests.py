"""What a request says of itself."""


def is_own(request) -> bool:
    """Whether a page of ours sent the request; browsers without the first header send the second."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
